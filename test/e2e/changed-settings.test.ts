import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { manifestsOf } from "../support/manifests";
import { MODEL, type Sample, VARIANTS, withValue } from "../support/samples";
import { fleetOf } from "../support/settings";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
/** All namespaces of this test begin with it. */
const PREFIX = "changed";
const KINDS = ["Deployment", "Service"];

/** Values of `podSpec` of which the API server derives other fields. */
const DERIVED: Record<string, Sample> = {
  "podSpec.serviceAccountName": ["a", "b"],
  "podSpec.hostNetwork": [true, false],
  "podSpec.dnsPolicy": ["None", "Default", { podSpec: { dnsConfig: { nameservers: ["10.0.0.1"] } } }],
};
const SAMPLES = Object.entries({ ...MODEL, ...VARIANTS, ...DERIVED });

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create({ stack: "changed", cluster, config: {} });
});
afterAll(async () => {
  const { text } = await workspace.shell(`kubectl get namespaces --output name | grep /${PREFIX} || true`);
  const names = text.split("\n").filter((line) => line !== "");
  if (names.length > 0) await workspace.kubectl("delete", "--wait=false", ...names);
  await workspace.remove();
});

/** Applies the objects of each sample in a namespace of its own, as the provider does. */
async function apply(place: string, settingsOf: (path: string, sample: Sample) => Record<string, unknown>) {
  const items: object[] = [];
  for (const [index, [path, sample]] of SAMPLES.entries()) {
    const name = `${PREFIX}-${place}-${index}`;
    items.push({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const fleet = fleetOf({ namespace: name, catalog: { iris: settingsOf(path, sample) } });
    items.push(...(await manifestsOf({ ...fleet, stack: "changed" }, KINDS)));
  }
  const file = join(workspace.directory, "objects.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await workspace.kubectl("apply", "--server-side", "--force-conflicts", "--filename", file);
}

/** What the API server has of each sample: the specs by the names of their objects. */
async function specs(place: string): Promise<Record<string, unknown>> {
  const text = await workspace.kubectl("get", "deployments,services", "--all-namespaces", "--output", "json");
  const { items } = JSON.parse(text) as {
    items: { kind: string; metadata: { name: string; namespace: string }; spec: Record<string, unknown> }[];
  };
  const all = SAMPLES.map(([path], index) => {
    const own = items.filter(({ metadata }) => metadata.namespace === `${PREFIX}-${place}-${index}`);
    const named = own.map(({ kind, metadata, spec }) => {
      // Given by the cluster, to each Service another one.
      const { clusterIP, clusterIPs, ...rest } = spec;
      void [clusterIP, clusterIPs];
      return [`${kind} ${metadata.name}`, rest] as const;
    });
    return [path, Object.fromEntries(named)] as const;
  });
  return Object.fromEntries(all);
}

/** The objects that are in both, as only the program deletes the others. */
function common(some: Record<string, unknown>, others: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(some).map(([path, objects]) => {
      const names = Object.keys(others[path] as object);
      return [
        path,
        Object.fromEntries(Object.entries(objects as object).filter(([name]) => names.includes(name))),
      ];
    }),
  );
}

test("another value of a setting, and its removal, leave nothing of the value before", async () => {
  await apply("edited", (path, [one, , beside = {}]) => withValue(beside, path, one));
  await apply("edited", (path, [, other, beside = {}]) => withValue(beside, path, other));
  await apply("fresh", (path, [, other, beside = {}]) => withValue(beside, path, other));
  const fresh = await specs("fresh");
  expect(common(await specs("edited"), fresh)).toEqual(fresh);
  await apply("edited", () => ({}));
  await apply("none", () => ({}));
  const none = await specs("none");
  expect(common(await specs("edited"), none)).toEqual(none);
});
