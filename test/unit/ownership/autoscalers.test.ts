import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { pathOf } from "../../../fleet/objects";
import { applyAnnotations, AUTOSCALED, ownerLabels } from "../../../fleet/owner";
import { connect } from "../../../kubernetes/api";
import { autoscaledObjects, readPods, stopAutoscalers } from "../../../ownership/autoscalers";
import type { Existing } from "../../../ownership/snapshot";
import { apiServer, type Reply } from "../../support/api-server";
import { modelOf } from "../../support/settings";

const own = (annotations: object = {}) => ({
  ...{ name: "iris", uid: "1", labels: ownerLabels("dev") },
  annotations: { ...applyAnnotations("dev"), ...annotations },
});
const IRIS: Existing = {
  ...{ kind: "deployment", object: "deployment/iris" },
  metadata: own({ [AUTOSCALED]: "horizontalpodautoscaler 2-20" }),
};
const SNAPSHOT = { objects: new Map([["deployment" as const, [IRIS]]]) };
const HPA = pathOf("horizontalpodautoscaler", "models", "iris");
const args = (settings: Record<string, unknown>) => ({
  ...{ namespace: "models", stack: "dev", models: [modelOf(settings)] },
});

afterEach(() => vi.restoreAllMocks());

test("the Deployments that an autoscaler scales are those whose settings say so, of each variant", () => {
  const variants = { default: { maxReplicas: 3 }, b: {}, c: { maxReplicas: 2 } };
  expect([...autoscaledObjects(args({ champion: "default", variants }))]).toEqual([
    "deployment/iris",
    "deployment/iris-c",
  ]);
});

test.each<[what: string, settings: Record<string, unknown>, asked: string[]]>([
  ["that lack replicas, and had an autoscaler", {}, [`GET ${pathOf("deployment", "models", "iris")}`]],
  ["that say replicas", { replicas: 3 }, []],
  ["that keep the autoscaler", { maxReplicas: 3 }, []],
])("the pods of settings %s: asked for %s", async (_what, settings, asked) => {
  const reply: Reply = [200, { spec: { replicas: 7 } }];
  const server = await apiServer({ [`GET ${pathOf("deployment", "models", "iris")}`]: reply });
  const pods = await readPods(connect(server.cluster), args(settings), SNAPSHOT);
  expect(server.asked).toEqual(asked);
  expect([...pods]).toEqual(asked.length === 0 ? [] : [["iris", 7]]);
});

/** The requests of an update after which these objects are there. */
async function stopped(announced: string[], metadata: object = own()) {
  vi.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  const server = await apiServer({ [`GET ${HPA}`]: [200, { metadata }], [`DELETE ${HPA}`]: [200, {}] });
  await stopAutoscalers(connect(server.cluster), args({}), SNAPSHOT, new Set(announced));
  return server.asked;
}

test("an autoscaler that the update deletes or replaces is deleted before the update", async () => {
  expect(await stopped(["deployment/iris"])).toEqual([`GET ${HPA}`, `DELETE ${HPA}`]);
  expect(await stopped(["deployment/iris", "scaledobject/iris"])).toEqual([`GET ${HPA}`, `DELETE ${HPA}`]);
});

test("an autoscaler stays that is still wanted, that goes with its model, or that is somebody else's", async () => {
  expect(await stopped(["deployment/iris", "horizontalpodautoscaler/iris"])).toEqual([]);
  expect(await stopped([])).toEqual([]);
  expect(await stopped(["deployment/iris"], { name: "iris" })).toEqual([`GET ${HPA}`]);
});
