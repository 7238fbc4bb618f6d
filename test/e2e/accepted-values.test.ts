import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createFleet } from "../../components/fleet";
import type { Fleet } from "../../config/resolve";
import { type Manifest, manifests, registered } from "../../dev/registered";
import { say } from "../../lib/progress";
import { fleetOf, IMAGE, problems, withImage } from "../support/settings";
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
const amounts = fc.dictionary(resource, amount, { maxKeys: 2 });

/** Settings of a model, of which only some are accepted. */
const model = fc.oneof(
  fc.record({ labels: fc.dictionary(key, near("aB1-_.")) }),
  fc.record({ annotations: fc.dictionary(fc.oneof(key, judged), near("a01-/\n")) }),
  fc.record({ service: fc.record({ labels: fc.dictionary(key, near("a-")) }) }),
  fc.record({ env: fc.dictionary(near("aB_1.- "), near("$()aB", 9)), args: fc.array(near("$()aB", 9)) }),
  fc.record({ resources: fc.record({ limits: amounts, requests: amounts }, { requiredKeys: [] }) }),
  fc.record({ readinessPath: near("/a?%.~&=").map((path) => `/${path}`) }),
  fc.record({ path: near("/aB.~-").map((path) => `/${path}`) }),
  fc.record({ runAsUser: fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31), port: fc.constantFrom(0, 1, 65535) }),
);
/** Settings of a fleet with such a model. */
const settings = fc
  .record(
    {
      catalog: fc.record({ iris: model }),
      routing: fc.record({ host: near("a1-.*A") }),
      ingress: fc.record({ className: near("a1-.A"), controller: fc.constant("nginx") }),
    },
    { requiredKeys: ["catalog"] },
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
  [{ annotations: { "scheduler.alpha.kubernetes.io/tolerations": "x" } }, /tolerations: Invalid value/],
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

async function objectsOf(fleet: Fleet): Promise<Manifest[]> {
  const resources = await registered(() => {
    createFleet({ ...fleet, stack: "accepted" }, { managesNamespace: false });
  });
  return manifests(resources).filter(({ kind }) => kind !== "Secret");
}

/** The API server's lines on these objects, in a dry run. */
async function dryRun(items: readonly Manifest[]): Promise<string[]> {
  const file = join(workspace.directory, "objects.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  return (await workspace.shell(`kubectl create --dry-run=server --filename ${file}`)).text.split("\n");
}

const isCreated = (line: string) => line.endsWith("created (server dry run)");

test("the API server accepts every value that the program accepts", async () => {
  const accepted = fc
    .sample(settings, { seed: SEED, numRuns: 250 })
    .filter((values) => problems(values).length === 0)
    .slice(0, 40);
  expect(accepted).toHaveLength(40);
  const objects: Manifest[] = [];
  for (const values of accepted) objects.push(...(await objectsOf(fleetOf(values))));
  const lines = await dryRun(objects);
  expect(lines.filter((line) => !isCreated(line) && !line.startsWith("Warning"))).toEqual([]);
  expect(lines.filter(isCreated)).toHaveLength(objects.length);
});

test("the API server refuses what the program refuses for its sake", async () => {
  const fleet = fleetOf({ namespace: NAMESPACE });
  const objects: Manifest[] = [];
  for (const [values] of REFUSED) {
    expect(problems(withImage({ catalog: { iris: values } }))).toHaveLength(1);
    objects.push(
      ...(await objectsOf({ ...fleet, models: fleet.models.map((one) => ({ ...one, ...values })) })),
    );
  }
  const text = (await dryRun(objects)).join("\n");
  for (const [, reason] of REFUSED) expect(text).toMatch(reason);
});

test("values that the API server stores in another form make no difference in a preview", async () => {
  const requests = { cpu: 0.5, memory: "1024Mi", "ephemeral-storage": "1e9" };
  const limits = { cpu: "2000m", memory: 2147483648, "nvidia.com/gpu": 1, "hugepages-2Mi": "2048Ki" };
  workspace.configure({
    namespace: NAMESPACE,
    models: "iris",
    // Without pods: no node has a GPU.
    defaults: { image: IMAGE, replicas: 0, resources: { requests, limits } },
  });
  await workspace.up();
  await workspace.must("preview", "--refresh", "--expect-no-changes");
  const stored = await workspace.kubectl(
    ...["get", "deployment/iris", "-n", NAMESPACE, "-o"],
    "jsonpath={.spec.template.spec.containers[0].resources.limits.cpu}",
  );
  expect(stored).toBe("2");
});
