import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Fleet } from "../../config/resolve";
import type { Manifest } from "../../dev/registered";
import { say } from "../../lib/progress";
import { manifestsOf } from "../support/manifests";
import { fleetOf, problems, withImage } from "../support/settings";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const NAMESPACE = "accepted";
const SEED = Number(process.env["MODELFLEET_SEED"] ?? Date.now() % 1_000_000);
say(`  accepted-values.test.ts: seed ${SEED}`);

/** Texts of a few characters, so that many are close to what Kubernetes accepts. */
const near = (characters: string, maxLength = 6) =>
  fc.array(fc.constantFrom(...characters), { maxLength }).map((all) => all.join(""));
const key = fc.oneof(
  near("aB1-_."),
  fc.tuple(near("a1-."), near("aB1-_.")).map((parts) => parts.join("/")),
);
const judged = fc.constantFrom(
  "controller.kubernetes.io/pod-deletion-cost",
  "container.apparmor.security.beta.kubernetes.io/model",
);
const amount = fc.oneof(
  fc.constantFrom("0", "1", "0.5", "500m", "1m", "0.5m", "2Mi", "3Mi", "1.1Gi", "1e3", "1E-3", "8E", "9e18"),
  fc.tuple(near("01.", 4), fc.constantFrom("", "m", "k", "Mi", "G", "e2")).map((parts) => parts.join("")),
);
const resource = fc.constantFrom(
  ...["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "hugepages-1Gi", "hugepages-x"],
  ...["nvidia.com/gpu", "requests.example.com/gpu", "example.com/a_b", "example/-"],
);
const one = { minKeys: 1, maxKeys: 1 };
const amounts = fc.dictionary(resource, amount, one);

/** Settings of a model, of which only some are accepted. */
const model = fc.oneof(
  fc.record({ labels: fc.dictionary(key, near("aB1-_."), one) }),
  fc.record({ annotations: fc.dictionary(fc.oneof(key, judged), near("a01-/\n"), one) }),
  fc.record({ env: fc.dictionary(near("aB_1.- "), near("$()aB", 9), one), args: fc.array(near("$()aB", 9)) }),
  fc.record({ resources: fc.record({ limits: amounts, requests: amounts }, { requiredKeys: [] }) }),
  fc.record({ readiness: fc.record({ path: near("/a?%.~&=").map((path) => `/${path}`) }) }),
  fc.record({ path: near("/aB.~-").map((path) => `/${path}`) }),
  fc.record({ runAsUser: fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31), port: fc.constantFrom(0, 1, 65535) }),
);
/** Settings of a fleet, of which only some are accepted. */
const settings = fc
  .oneof(
    { weight: 8, arbitrary: fc.record({ catalog: fc.record({ iris: model }) }) },
    fc.record({ routing: fc.record({ host: near("a1-.*A") }) }),
    fc.record({ ingress: fc.record({ className: near("a1-.A"), controller: fc.constant("nginx") }) }),
  )
  .map((own) => withImage({ ...own, namespace: NAMESPACE }));

/** Values of a model that the program refuses because the API server does. */
const REFUSED: [values: Record<string, unknown>, reason: RegExp][] = [
  [{ resources: { requests: { "nvidia.com/gpu": "1" } } }, /Limit must be set for non overcommitable/],
  [
    { resources: { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "2" } } },
    /must be equal to nvidia.com\/gpu limit/,
  ],
  [{ resources: { limits: { "nvidia.com/gpu": "0.5" } } }, /must be an integer/],
  [{ resources: { limits: { "requests.example.com/gpu": "1" } } }, /extended resource name standard/],
  [{ resources: { limits: { "hugepages-2Mi": "3Mi" } } }, /not positive integer multiple of hugepages-2Mi/],
  [{ labels: { "a..b/c": "x" } }, /Invalid value: "a..b\/c"/],
  [{ annotations: { "controller.kubernetes.io/pod-deletion-cost": "low" } }, /must be a 32bit integer/],
  [{ annotations: { "container.apparmor.security.beta.kubernetes.io/x": "" } }, /container not found/],
  [{ annotations: { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" } }, /field must match/],
  [{ annotations: { "kubernetes.io/config.mirror": "x" } }, /must set spec.nodeName/],
  [
    { annotations: { "scheduler.alpha.kubernetes.io/tolerations": "x" } },
    /Invalid value: "scheduler.alpha.kubernetes.io\/tolerations"/,
  ],
  [
    { service: { annotations: { "service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8" } } },
    /may only be used when `type` is 'LoadBalancer'/,
  ],
];

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create({ stack: "accepted", cluster, config: {} });
  await workspace.kubectl("create", "namespace", NAMESPACE);
});
afterAll(() => workspace.remove(NAMESPACE));

const objectsOf = (fleet: Fleet, kinds: readonly string[]): Promise<Manifest[]> =>
  manifestsOf({ ...fleet, stack: "accepted" }, kinds);

/** The API server's lines on these objects, in a dry run. */
async function dryRun(items: readonly Manifest[]): Promise<string[]> {
  const file = join(workspace.directory, "objects.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  return (await workspace.shell(`kubectl create --dry-run=server --filename ${file}`)).text.split("\n");
}

const isCreated = (line: string) => line.endsWith("created (server dry run)");

test("the API server accepts every value that the program accepts", async () => {
  const accepted = fc
    .sample(settings, { seed: SEED, numRuns: 300 })
    .filter((values) => problems(values).length === 0)
    .slice(0, 30);
  expect(accepted).toHaveLength(30);
  const objects: Manifest[] = [];
  for (const values of accepted)
    objects.push(...(await objectsOf(fleetOf(values), ["Deployment", "Ingress"])));
  const lines = await dryRun(objects);
  expect(lines.filter((line) => !isCreated(line) && !line.startsWith("Warning"))).toEqual([]);
  expect(lines.filter(isCreated)).toHaveLength(objects.length);
});

test("the API server refuses what the program refuses for its sake", async () => {
  const fleet = fleetOf({ namespace: NAMESPACE });
  const objects: Manifest[] = [];
  for (const [values] of REFUSED) {
    expect(problems(withImage({ catalog: { iris: values } }))).toHaveLength(1);
    const resources = { requests: {}, limits: {}, ...(values["resources"] as object | undefined) };
    const models = fleet.models.map((own) => ({ ...own, ...values, resources }));
    objects.push(...(await objectsOf({ ...fleet, models }, ["Deployment", "Service"])));
  }
  const text = (await dryRun(objects)).join("\n");
  for (const [, reason] of REFUSED) expect(text).toMatch(reason);
});
