import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { lossReport, stacksWithObjects } from "../../../../dev/start/lost";

const PROVIDER = "pulumi:providers:kubernetes";
const objects = [{ type: "kubernetes:core/v1:Service" }, { type: "kubernetes:apps/v1:Deployment" }];
const component = { type: "modelfleet:serving:ModelService" };

test("stacksWithObjects counts the objects of every stack that uses the local cluster", () => {
  const state = mkdtempSync(join(tmpdir(), "modelfleet-lost-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const write = (name: string, latest: object) => {
    const file = join(state, ".pulumi", "stacks", name);
    mkdirSync(dirname(file), { recursive: true });
    const text = JSON.stringify({ version: 3, checkpoint: { latest } });
    writeFileSync(file, name.endsWith(".gz") ? gzipSync(text) : text);
  };
  const local = { type: PROVIDER, inputs: { kubeconfig: "" } };
  const secret = { type: PROVIDER, inputs: { kubeconfig: { ciphertext: "x" } } };
  const context = { type: PROVIDER, inputs: { kubeconfig: "", context: "prod" } };
  expect(stacksWithObjects(state)).toEqual([]);
  write("modelfleet/garden.json", { resources: [local, component, ...objects] });
  write("modelfleet/garden.json.bak", { resources: [local, ...objects] });
  write("modelfleet/dev.json.gz.bak", { resources: [local, ...objects] });
  write("modelfleet/dev.json.gz", { resources: [local, component, objects[0]] });
  write("other/web.json", { resources: objects });
  write("modelfleet/new.json", {});
  write("modelfleet/gone.json", { resources: [local] });
  write("modelfleet/prod.json", { resources: [context, ...objects] });
  write("modelfleet/hidden.json", { resources: [secret, ...objects] });
  expect(stacksWithObjects(state)).toEqual([
    { stack: "dev", objects: 1 },
    { stack: "garden", objects: 2 },
    { stack: "other/web", objects: 2 },
  ]);
});

test("lossReport says why a cluster is replaced, which stacks lose objects, and how they come back", () => {
  const dev = { stack: "dev", objects: 15 };
  const garden = { stack: "garden", objects: 902 };
  const others = [
    "! The new cluster does not have the objects of other stacks: garden (902 objects).",
    '  To create them again: eval "$(npm run --silent env)" && pulumi up --refresh --stack <stack>',
  ];
  expect(lossReport("no process etcd", "dev", [dev, garden])).toEqual([
    "! A new, empty cluster replaces the local cluster (no process etcd).",
    "! All objects in it are lost. Stack dev is deployed again.",
    ...others,
  ]);
  expect(lossReport("no process etcd", "dev", [dev])).toHaveLength(2);
  expect(lossReport(undefined, "dev", [dev, garden])).toEqual(others);
  expect(lossReport(undefined, "dev", [dev])).toEqual([]);
});
