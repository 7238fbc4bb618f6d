import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { describe, expect, test } from "vitest";
import { fleetDiff } from "../../../../cli/diff/fleet-diff";
import { diffMarkdown, diffText } from "../../../../cli/diff/render";

/**
 * Events of real previews of a fleet on a cluster with simulated nodes, as the Automation API passes them on, without
 * the fields that nothing reads: of an edited list, and of a refresh after edits of the cluster by hand.
 */
const events = (name: "edit" | "drift") =>
  JSON.parse(readFileSync(join(import.meta.dirname, "events", `${name}.json`), "utf8")) as EngineEvent[];

const EDIT = [
  "- iris: its path /models/iris goes, 1 pod stops",
  "~ churn: image 1.4 -> 1.5, env A removed, env B changes, env C added, secret API_KEY changes, secret OLD_KEY removed, restarts 3 pods",
  "~ digits: cpu 100m -> 200m, restarts 1 pod",
  "~ wine: replicas 2 -> 3",
  "+ fraud: image a/b:1, 2 pods, cpu 100m, memory 256Mi, secret variables, /models/fraud",
  "+ vision: image a/vision:7, 1 pod, cpu 100m, memory 256Mi, nvidia.com/gpu 1, /models/see",
  "The fleet's own objects:",
  "~ Ingress: annotation nginx.ingress.kubernetes.io/proxy-read-timeout added (120)",
  "~ default backend: image 1 -> 2, env MODELS changes, restarts 1 pod",
];
const TOTAL = "Total: 9 -> 12 pods, cpu 810m -> 1210m, memory 2112Mi -> 2880Mi, GPUs 0 -> 1";

describe("the recorded preview of an edited list", () => {
  const diff = fleetDiff(events("edit"));

  test("is a line per model, deletions first, then the fleet's own objects, then the totals", () => {
    expect(diffText(diff).split("\n")).toEqual([...EDIT, TOTAL]);
  });

  test("is a heading with counts, a block and the totals in Markdown", () => {
    expect(diffMarkdown(diff, "prod").split("\n")).toEqual([
      "### Stack prod: models: 1 deleted, 3 changed, 2 added; the fleet's own objects: 2",
      "",
      "```diff",
      ...EDIT.map((line) => line.replace(/^~/, "!")),
      "```",
      "",
      TOTAL,
      "",
    ]);
  });

  test("is data with stable keys in JSON", () => {
    const { models, totals, drift } = JSON.parse(JSON.stringify(diff)) as typeof diff;
    expect(Object.keys(diff)).toEqual(["models", "fleet", "totals", "drift"]);
    expect(models[0]).toEqual({
      id: "iris",
      kind: "deleted",
      words: ["its path /models/iris goes", "1 pod stops"],
    });
    expect(totals).toEqual({
      before: { pods: 9, cpu: "810m", memory: "2112Mi", gpus: 0 },
      after: { pods: 12, cpu: "1210m", memory: "2880Mi", gpus: 1 },
    });
    expect(drift).toEqual([]);
  });

  test("colours the lines on a terminal by what happens", () => {
    const [deleted = "", changed = ""] = diffText(diff, { color: true }).split("\n");
    expect(deleted).toBe(`\u001b[31m${EDIT[0]}\u001b[39m`);
    expect(changed).toBe(`\u001b[33m${EDIT[1]}\u001b[39m`);
  });
});

describe("the recorded preview with a refresh after edits by hand", () => {
  const diff = fleetDiff(events("drift"));

  test("shows what the update would undo, and each difference with the field manager that made it", () => {
    expect(diffText(diff).split("\n")).toEqual([
      "~ churn: label app.kubernetes.io/part-of x -> modelfleet, path /models/churn added",
      "~ digits: makes its Service again",
      "~ still: image 9 -> 1, undoes what others set, restarts 1 pod",
      "~ wine: replicas 7 -> 3, undoes what others set, Service spec.ports[http].targetPort 1 -> http",
      "The fleet's own objects:",
      "~ Ingress: undoes what others set",
      "Changed in the cluster since the last update:",
      "! Deployment still: spec.template.spec.containers[0].image registry.example/models/server:1 -> registry.example/models/server:9, by kubectl-set",
      "! Deployment wine: spec.replicas 3 -> 7, by kubectl",
      "! Ingress modelfleet: spec.rules, by kubectl-patch",
      '! Service churn: metadata.labels["app.kubernetes.io/part-of"] modelfleet -> x, by kubectl-label',
      "! Service digits: is gone",
      "! Service wine: spec.ports[0].targetPort http -> 1, by dashboard",
      "Total: 15 -> 11 pods, cpu 1510m -> 1110m, memory 3648Mi -> 2624Mi",
    ]);
  });

  test("has the parts of a difference as data", () => {
    expect(diff.drift[1]).toEqual({
      object: "Deployment wine",
      field: "spec.replicas",
      old: "3",
      new: "7",
      manager: "kubectl",
    });
    expect(diff.drift[4]).toEqual({ object: "Service digits" });
  });
});

test("a preview in which all objects stay has no changes", () => {
  const same = events("edit").filter(({ resourcePreEvent }) => resourcePreEvent?.metadata.op === "same");
  const diff = fleetDiff(same);
  expect({ ...diff, totals: undefined }).toEqual({ models: [], fleet: [], drift: [], totals: undefined });
  expect(diffText(diff)).toBe("No changes.");
  expect(diffMarkdown(diff, "prod")).toBe("### Stack prod: no changes\n");
});
