import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeOwn } from "../../../components/own-resources";
import { pathOf } from "../../../fleet/objects";
import {
  applyAnnotations,
  fieldManager,
  type ManagedFields,
  type ObjectMeta,
  UNDONE,
} from "../../../fleet/owner";
import { connect } from "../../../kubernetes/api";
import { type Found, report, undoDrift } from "../../../ownership/drift";
import { apiServer, type Reply } from "../../support/api-server";

const SCOPE = { stack: "dev", namespace: "models" };
const PATCH = `PATCH ${pathOf("deployment", "models", "iris")}`;
const READ = `GET ${pathOf("deployment", "models")}?fieldSelector=metadata.name%3Diris`;
const PAUSED: ManagedFields = {
  manager: "kubectl-rollout",
  operation: "Update",
  fieldsV1: { "f:spec": { "f:paused": {} } },
};
const RESTARTED: ManagedFields = {
  manager: "kubectl-rollout",
  operation: "Update",
  fieldsV1: { "f:spec": { "f:template": {} } },
};
const OURS: ManagedFields = {
  manager: fieldManager("dev"),
  operation: "Apply",
  fieldsV1: { "f:spec": { "f:replicas": {} } },
};

const found = (managedFields: readonly ManagedFields[], annotations: object = {}): Found => {
  const metadata: ObjectMeta = {
    name: "iris",
    resourceVersion: "1",
    annotations: { ...applyAnnotations("dev"), ...annotations },
    managedFields,
  };
  return { kind: "deployment", object: "deployment/iris", metadata };
};

let warnings: string[];
let transformations: pulumi.ResourceTransformation[];

beforeEach(() => {
  warnings = [];
  transformations = [];
  vi.spyOn(pulumi.log, "warn").mockImplementation((text) => Promise.resolve(void warnings.push(text)));
  vi.spyOn(pulumi.runtime, "getStackResource").mockReturnValue({} as pulumi.runtime.Stack);
  vi.spyOn(pulumi.runtime, "registerStackTransformation").mockImplementation(
    (one) => void transformations.push(one),
  );
});
afterEach(() => void vi.restoreAllMocks());

/** The annotation that the object gets, and the requests that were sent. */
async function undo(object: Found, { preview = false, isOutdated = false, replies = {} } = {}) {
  vi.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(preview);
  const { cluster, asked } = await apiServer({ [PATCH]: [200, {}], ...replies });
  const outdated = new Set(isOutdated ? [object.object] : []);
  await undoDrift(connect(cluster), [object], SCOPE, { outdated });
  const props = { metadata: { name: "iris" } };
  const type = "kubernetes:apps/v1:Deployment";
  const args = { type, name: "x", props, opts: {}, resource: {} as pulumi.Resource };
  const results = makeOwn(() => transformations.map((one) => one(args)));
  const annotation: unknown = results[0]?.props["metadata"].annotations?.[UNDONE];
  return {
    annotation,
    asked: asked.filter(
      (line) => !line.includes("/api/v1/namespaces/models") || line.includes("deployments"),
    ),
  };
}

describe("what others set in a field of the stack", () => {
  test("is taken over by an update, which counts it in an annotation so that the object is applied", async () => {
    expect(await undo(found([OURS, PAUSED]))).toEqual({ annotation: "1", asked: [PATCH] });
    expect(warnings).toEqual([
      "deployment/iris: kubectl-rollout set spec.paused; the settings decide these fields, so the update undoes that",
    ]);
  });

  test("is shown by a preview as an unknown count, and nothing is written", async () => {
    const { annotation, asked } = await undo(found([OURS, PAUSED], { [UNDONE]: "4" }), { preview: true });
    expect(annotation).toBe(pulumi.unknown);
    expect(asked).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  test("is undone by the next update if one ended after it had taken the field over", async () => {
    expect(await undo(found([OURS], { [UNDONE]: "pending 3" }))).toEqual({ annotation: "3", asked: [] });
    expect(warnings).toEqual([
      "deployment/iris: an earlier update ended before it undid what others set; this update does",
    ]);
  });

  test("is counted on", async () => {
    expect((await undo(found([OURS, PAUSED], { [UNDONE]: "9" }))).annotation).toBe("10");
  });

  test("is taken over with a warning if the object is being adopted", async () => {
    const theirs = { ...found([PAUSED]), metadata: { name: "iris", managedFields: [PAUSED] } };
    expect((await undo(theirs)).asked).toEqual([PATCH]);
    expect(warnings).toHaveLength(1);
  });
});

describe("what a killed update applied and the state does not know", () => {
  const OUTDATED = { isOutdated: true };

  test("is applied again, by a count beyond that of the cluster and so beyond any of the state", async () => {
    expect(await undo(found([OURS]), OUTDATED)).toEqual({ annotation: "1", asked: [] });
    transformations = [];
    expect(await undo(found([OURS], { [UNDONE]: "4" }), OUTDATED)).toEqual({ annotation: "5", asked: [] });
    expect(warnings[0]).toMatch(
      /^1 object is newer in the cluster than in the stack's state, .*: deployment\/iris$/,
    );
  });

  test("is shown by a preview as an unknown count", async () => {
    expect((await undo(found([OURS]), { ...OUTDATED, preview: true })).annotation).toBe(pulumi.unknown);
  });

  test("is counted once if others set something too", async () => {
    expect((await undo(found([OURS, PAUSED]), OUTDATED)).annotation).toBe("1");
  });
});

test("an object on which nobody set anything keeps its count, and one without a count gets none", async () => {
  expect(await undo(found([OURS], { [UNDONE]: "2" }))).toEqual({ annotation: "2", asked: [] });
  transformations = [];
  expect(await undo(found([OURS]))).toEqual({ annotation: undefined, asked: [] });
  expect(warnings).toEqual([]);
});

test("an object that is missing keeps the count of the state, so that only a refresh changes it", async () => {
  await undoDrift(connect((await apiServer({})).cluster), [], SCOPE);
  const props = { metadata: { name: "iris" } };
  const type = "kubernetes:apps/v1:Deployment";
  const args = { type, name: "x", props, opts: {}, resource: {} as pulumi.Resource };
  const result = makeOwn(() => transformations[0]?.(args));
  expect(result).toEqual({ props, opts: { ignoreChanges: [`metadata.annotations["${UNDONE}"]`] } });
});

test("what kubectl set elsewhere is kept, without a warning or a count", async () => {
  expect(await undo(found([OURS, RESTARTED]))).toEqual({ annotation: undefined, asked: [PATCH] });
  expect(warnings).toEqual([]);
});

describe("a field that cannot be taken over at once", () => {
  test("is tried again with what the object is now, if somebody changed it meanwhile", async () => {
    const replies: Record<string, Reply> = {
      [PATCH]: [409, { message: "the object has been modified" }],
      [READ]: [200, { items: [{ metadata: found([OURS]).metadata }] }],
    };
    expect((await undo(found([OURS, PAUSED]), { replies })).asked).toEqual([PATCH, READ]);
  });

  test("is an error with the API server's reason", async () => {
    const replies: Record<string, Reply> = { [PATCH]: [403, { message: "not allowed" }] };
    await expect(undo(found([OURS, PAUSED]), { replies })).rejects.toThrow(
      "deployment/iris: its fields cannot be taken over (not allowed); run the update again",
    );
  });

  test("is no error if the object is gone", async () => {
    expect((await undo(found([OURS, PAUSED]), { replies: { [PATCH]: [404, {}] } })).asked).toEqual([PATCH]);
  });
});

test("labels that kubectl set on the fleet's Namespace are kept", async () => {
  const path = "/api/v1/namespaces/models";
  const labelled = { manager: "kubectl-label", operation: "Update", fieldsV1: { "f:metadata": {} } };
  const { metadata } = found([OURS, labelled]);
  const { cluster, asked } = await apiServer({
    [`GET ${path}`]: [200, { metadata }],
    [`PATCH ${path}`]: [200, {}],
  });
  await undoDrift(connect(cluster), [], SCOPE);
  expect(asked).toEqual([`GET ${path}`, `PATCH ${path}`]);
});

test("a warning names five fields of each manager, and counts the others", () => {
  const paths = ["a", "b", "c", "d", "e", "f", "g"];
  expect(
    report("service/iris", [
      { manager: "x", paths },
      { manager: "y", paths: ["z"] },
    ]),
  ).toBe(
    "service/iris: x set a, b, c, d, e and 2 more fields; y set z; the settings decide these fields, so the update undoes that",
  );
});
