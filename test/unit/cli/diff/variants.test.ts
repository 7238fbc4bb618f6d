import type { EngineEvent } from "@pulumi/pulumi/automation";
import { expect, test } from "vitest";
import { fleetDiff } from "../../../../cli/diff/fleet-diff";
import { diffText } from "../../../../cli/diff/render";

const URN = "urn:pulumi:dev::modelfleet::modelfleet:serving:";

/** The event of a resource in a preview; without an object before or after, it is created or deleted. */
function event(urn: string, old?: object, next?: object): EngineEvent {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const same = JSON.stringify(old) === JSON.stringify(next);
  const op = old === undefined ? "create" : next === undefined ? "delete" : same ? "same" : "update";
  const state = (inputs: object | undefined) => inputs && { inputs, outputs: {} };
  const metadata = { op, urn, type, old: state(old), new: state(next), detailedDiff: {} };
  return { resourcePreEvent: { metadata } } as unknown as EngineEvent;
}

const deployment = (image: string) => ({
  spec: {
    replicas: 1,
    template: { spec: { containers: [{ name: "model", image, resources: { requests: { cpu: "1" } } }] } },
  },
});
const service = (name: string) => ({ metadata: { name } });
const ingress = (name: string) => ({
  spec: { rules: [{ http: { paths: [{ path: "/models/iris", backend: { service: { name } } }] } }] },
});
const httpRoute = (weights: Record<string, number>) => ({
  spec: {
    rules: [
      { matches: [{ path: { value: "/models/iris" }, headers: [{}] }], backendRefs: [{ name: "iris-b" }] },
      {
        matches: [{ path: { value: "/models/iris" } }],
        backendRefs: Object.entries(weights).map(([name, weight]) => ({ name, weight })),
      },
    ],
  },
});

const MODEL = event(`${URN}ModelService::iris`, {}, {});
const of = (kind: string, name: string, old?: object, next?: object) =>
  event(`${URN}ModelService$kubernetes:${kind}::${name}`, old, next);
const variant = (name: string, old?: object, next?: object) => [
  of("apps/v1:Deployment", name, old, next),
  of(
    "core/v1:Service",
    name,
    old && service(name.replace("/", "-")),
    next && service(name.replace("/", "-")),
  ),
];
const led = (old: string, next: string) =>
  event(`${URN}ModelIngress$kubernetes:networking.k8s.io/v1:Ingress::models`, ingress(old), ingress(next));

test.each<[string, EngineEvent[], string[]]>([
  [
    "a new challenger",
    [
      ...variant("iris", deployment("a:1"), deployment("a:1")),
      ...variant("iris/b", undefined, deployment("a:2")),
    ],
    ["~ iris: variant b added (image a:2, 1 pod, cpu 1)"],
  ],
  [
    "a promotion",
    [
      ...["iris", "iris/b"].flatMap((name) => variant(name, deployment("a:1"), deployment("a:1"))),
      led("iris", "iris-b"),
    ],
    ["~ iris: champion default -> b"],
  ],
  [
    "a changed challenger, and one that goes",
    [...variant("iris/b", deployment("a:1"), deployment("a:2")), ...variant("iris/c", deployment("a:1"))],
    ["~ iris: variant b (image 1 -> 2, restarts 1 pod), variant c goes (1 pod stops)"],
  ],
  [
    "requests that are shared in another way",
    [
      ...["iris", "iris/b"].flatMap((name) => variant(name, deployment("a:1"), deployment("a:1"))),
      of(
        "gateway.networking.k8s.io/v1:HTTPRoute",
        "iris",
        httpRoute({ iris: 100 }),
        httpRoute({ iris: 90, "iris-b": 10 }),
      ),
    ],
    ["~ iris: requests default 100 % -> default 90 %, b 10 %"],
  ],
  [
    "a model that is there under another ID, with the path of the old one",
    [
      event(`${URN}ModelService::petals`, undefined, {}),
      ...variant("petals", undefined, deployment("a:1")),
      ...variant("iris", deployment("a:1")),
      led("iris", "petals"),
    ],
    [
      "~ iris: its Deployment goes, its Service goes, its path /models/iris goes",
      "+ petals: image a:1, 1 pod, cpu 1, /models/iris",
    ],
  ],
])("%s", (_what, events, lines) => {
  expect(
    diffText(fleetDiff([MODEL, ...events]))
      .split("\n")
      .slice(0, -1),
  ).toEqual(lines);
});
