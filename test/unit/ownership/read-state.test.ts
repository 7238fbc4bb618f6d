import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { readState, withoutUnused } from "../../../ownership/read-state";

const require = createRequire(import.meta.url);
const { credentials } = require("@grpc/grpc-js");
const { InvokeResponse } = require("@pulumi/pulumi/proto/provider_pb.js");
const { ResourceMonitorClient } = require("@pulumi/pulumi/proto/resource_grpc_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

const [SERVICE, HIDDEN] = ["kubernetes:core/v1:Service", "kubernetes:core/v1:Secret"];
const STACK = "pulumi:pulumi:Stack";

/** How Pulumi marks a secret on the wire. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const TIMES = [{ manager: "modelfleet-dev", operation: "Apply", time: "2026-01-01T00:00:00Z" }];
const KEPT = { name: "iris", namespace: "models", managedFields: TIMES };
const WHOLE = {
  ...KEPT,
  labels: { a: "b" },
  annotations: { managedFields: "long" },
  managedFields: TIMES.map((one) => ({ ...one, fieldsV1: { "f:spec": { "f:replicas": {} } } })),
};

const urn = (type: string) =>
  `urn:pulumi:dev::modelfleet::${type === STACK ? "" : "modelfleet:serving:ModelService$"}${type}::iris`;
const ROOT = {
  type: STACK,
  outputs: { namespace: "models", urls: { iris: "/iris" }, metadata: { labels: {} } },
};

/** What Pulumi's engine answers, as bytes. */
function answer(): Uint8Array {
  const outputs = {
    [urn(STACK)]: ROOT,
    [urn("modelfleet:serving:ModelService")]: { type: "modelfleet:serving:ModelService", outputs: {} },
    [urn(SERVICE)]: { type: SERVICE, outputs: { metadata: WHOLE, spec: { ports: [80] }, kind: "Service" } },
    [urn(HIDDEN)]: {
      type: HIDDEN,
      outputs: { metadata: { ...SECRET, value: WHOLE }, data: { KEY: "eA==" } },
    },
  };
  const response = new InvokeResponse();
  response.setReturn(Struct.fromJavaScript({ name: "organization/modelfleet/dev", outputs }));
  return response.serializeBinary();
}

afterEach(() => void vi.restoreAllMocks());

test("an answer keeps of each object when it was changed by whom, and nothing else", () => {
  const read = InvokeResponse.deserializeBinary(withoutUnused(answer())).getReturn().toJavaScript();
  expect(read.name).toBe("organization/modelfleet/dev");
  expect(read.outputs).toEqual({
    [urn(SERVICE)]: { type: SERVICE, outputs: { metadata: KEPT } },
    [urn(HIDDEN)]: { type: HIDDEN, outputs: { metadata: { ...SECRET, value: KEPT } } },
  });
});

test("only this function's answer is cut, also while the program calls others, and then the client is as before", async () => {
  type Done = (error: null, response: typeof InvokeResponse) => void;
  const client = new ResourceMonitorClient("127.0.0.1:1", credentials.createInsecure());
  client.makeUnaryRequest = (
    path: string,
    _: unknown,
    read: (bytes: Uint8Array) => never,
    _q: unknown,
    done: Done,
  ) => {
    expect(path).toBe("/pulumirpc.ResourceMonitor/Invoke");
    done(null, read(answer()));
  };
  const { path, requestSerialize, responseDeserialize } = client.invoke;
  const answered = (_request: unknown, done: Done) => done(null, responseDeserialize(answer()));
  const invoke = Object.assign(answered, { path, requestSerialize, responseDeserialize });
  client.invoke = invoke;
  const call = (token: string) =>
    new Promise<{ outputs: object }>((resolve) => {
      const done: Done = (_, response) => resolve(response.getReturn().toJavaScript());
      client.invoke({ getTok: () => token }, done);
    });
  vi.spyOn(pulumi.runtime, "getMonitor").mockReturnValue(client);
  vi.spyOn(pulumi.runtime, "invoke").mockImplementation(async (token) => {
    expect(Object.keys((await call("kubernetes:helm:template")).outputs)).toHaveLength(4);
    return call(token);
  });
  const resources = await readState("organization/modelfleet/dev");
  expect(resources.map(({ type }) => type).sort()).toEqual([HIDDEN, SERVICE].sort());
  expect(client.invoke).toBe(invoke);
  client.close();
});
