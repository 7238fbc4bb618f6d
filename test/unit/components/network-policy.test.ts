import { describe, expect, test } from "vitest";
import { createFleet } from "../../../components/fleet";
import { manifests, registered } from "../../../dev/registered";
import { fleetOf } from "../../support/settings";

async function policies(settings: Record<string, unknown>) {
  const fleet = fleetOf(settings);
  const resources = await registered(() => {
    createFleet({ ...fleet, stack: "dev" }, { managesNamespace: false });
  });
  return manifests(resources).filter(({ kind }) => kind === "NetworkPolicy");
}

const FLEET = { "app.kubernetes.io/part-of": "modelfleet", "app.kubernetes.io/instance": "dev" };
const namespace = (name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});
const SERVED = [
  { port: "http", protocol: "TCP" },
  { port: "metrics", protocol: "TCP" },
];

describe("a fleet", () => {
  test("has no policy unless its settings ask for one that is in force", async () => {
    expect(await policies({})).toEqual([]);
    expect(await policies({ networkPolicy: { enabled: false, from: [{ namespace: "a" }] } })).toEqual([]);
  });

  test("has one policy for all of its pods: requests from those named and from models, and DNS", async () => {
    const from = [
      { namespace: "traefik" },
      { namespace: "monitoring", podLabels: { app: "prometheus" } },
      { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] },
    ];
    const found = await policies({ models: "iris,wine", networkPolicy: { from } });
    expect(found.map(({ metadata }) => metadata.name)).toEqual(["modelfleet"]);
    expect(found[0]?.spec).toEqual({
      podSelector: { matchLabels: FLEET },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: FLEET } },
            namespace("traefik"),
            { ...namespace("monitoring"), podSelector: { matchLabels: { app: "prometheus" } } },
            { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
          ],
          ports: SERVED,
        },
      ],
      egress: [
        {
          to: [{ namespaceSelector: {} }, { ipBlock: { cidr: "169.254.0.0/16" } }],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
            { port: 5353, protocol: "UDP" },
            { port: 5353, protocol: "TCP" },
          ],
        },
      ],
    });
  });
});

describe("a model", () => {
  const from = [{ namespace: "traefik" }];

  test("that connects elsewhere has a policy of its own, which adds to that of the fleet", async () => {
    const to = [{ model: "wine" }, { cidr: "0.0.0.0/0", ports: [443] }];
    const found = await policies({
      models: "iris,wine",
      networkPolicy: { from },
      catalog: { iris: { network: { to } } },
    });
    expect(found.map(({ metadata }) => metadata.name).sort()).toEqual(["iris", "modelfleet"]);
    expect(found.find(({ metadata }) => metadata.name === "iris")?.spec).toEqual({
      podSelector: {
        matchLabels: {
          "app.kubernetes.io/name": "iris",
          "app.kubernetes.io/instance": "dev",
          "modelfleet.dev/variant": "default",
        },
      },
      policyTypes: ["Egress"],
      ingress: [],
      egress: [
        {
          to: [
            {
              podSelector: {
                matchLabels: { "app.kubernetes.io/name": "wine", "app.kubernetes.io/instance": "dev" },
              },
            },
          ],
        },
        { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 443, protocol: "TCP" }] },
      ],
    });
  });

  test("that only others may ask besides does not open what it connects to", async () => {
    const found = await policies({
      networkPolicy: { from },
      catalog: { iris: { network: { from: [{ namespace: "batch" }] } } },
    });
    expect(found.find(({ metadata }) => metadata.name === "iris")?.spec).toMatchObject({
      policyTypes: ["Ingress"],
      ingress: [{ from: [namespace("batch")], ports: SERVED }],
    });
  });
});
