import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { shortenAnswers } from "../../../components/answers";

const require = createRequire(import.meta.url);
const { credentials } = require("@grpc/grpc-js");
const { ResourceMonitorClient } = require("@pulumi/pulumi/proto/resource_grpc_pb.js");
const { RegisterResourceResponse } = require("@pulumi/pulumi/proto/resource_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

const KEPT = {
  // What components/altered.ts compares.
  __inputs: { spec: { replicas: 2 } },
  metadata: { name: "iris", uid: "1", labels: { __inputs: "kept" } },
  spec: { managedFields: ["kept"], replicas: 2 },
  data: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "x" },
};
const WHOLE = {
  ...KEPT,
  __inputs: { ...KEPT.__inputs, metadata: { name: "iris", long: "x".repeat(300) }, stringData: { a: "b" } },
  metadata: { ...KEPT.metadata, managedFields: [{ fieldsV1: { "f:spec": {} } }] },
};

/** What Pulumi's engine answers, as bytes. */
function answerWith(object: object): Uint8Array {
  const answer = new RegisterResourceResponse();
  answer.setUrn("urn:pulumi:a::b::c::iris");
  answer.setId("models/iris");
  answer.setStable(true);
  answer.setObject(Struct.fromJavaScript(object));
  return answer.serializeBinary();
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the program reads of an answer, by Pulumi's own client. */
function readByClient(answer: Uint8Array) {
  const client = new ResourceMonitorClient("127.0.0.1:1", credentials.createInsecure());
  let read: (bytes: Uint8Array) => typeof RegisterResourceResponse = () => expect.fail();
  client.makeUnaryRequest = (path: string, _: unknown, reader: typeof read, request: unknown) => {
    expect([path, request]).toEqual(["/pulumirpc.ResourceMonitor/RegisterResource", "a request"]);
    read = reader;
  };
  vi.spyOn(pulumi.runtime, "getMonitor").mockReturnValue(client);
  const seen: unknown[] = [];
  const miss = () => seen.push("a miss");
  shortenAnswers({ see: (metadata) => seen.push(metadata), miss });
  client.registerResource("a request", () => undefined);
  client.close();
  return { read: read(answer), seen };
}

test("an answer keeps all but what no program uses", () => {
  const { read, seen } = readByClient(answerWith(WHOLE));
  expect(read.getObject().toJavaScript()).toEqual(KEPT);
  // Who set which field is told aside.
  expect(seen).toEqual([WHOLE.metadata]);
  expect([read.getUrn(), read.getId(), read.getStable()]).toEqual([
    ...["urn:pulumi:a::b::c::iris", "models/iris", true],
  ]);
});

test("an object whose metadata is a secret stays as it is", () => {
  const secret = { metadata: "hidden", spec: {} };
  expect(readByClient(answerWith(secret)).read.getObject().toJavaScript()).toEqual(secret);
});

test("that of a Secret, which is a secret, is looked at as well", () => {
  const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  const { read, seen } = readByClient(answerWith({ ...WHOLE, metadata: { ...mark, value: WHOLE.metadata } }));
  expect(read.getObject().toJavaScript().metadata).toEqual({ ...mark, value: KEPT.metadata });
  expect(seen).toEqual([WHOLE.metadata]);
});

test("an object that could not be applied as the program asked is told", () => {
  const answer = RegisterResourceResponse.deserializeBinary(answerWith(WHOLE));
  answer.setResult(1);
  expect(readByClient(answer.serializeBinary()).seen).toEqual(["a miss"]);
});

test("an answer without an object has none", () => {
  expect(readByClient(new RegisterResourceResponse().serializeBinary()).read.getObject()).toBeUndefined();
});
