import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { announceFleet, createFleet, type FleetOptions } from "../../../components/fleet";
import { type Manifest, manifests, registered } from "../../../dev/registered";
import { registeredObject } from "../../../fleet/objects";
import { UserError } from "../../../lib/user-error";
import { fleetOf } from "../../support/settings";

const BACKEND = { defaultBackend: { image: "registry.example/404:1" } };
const REGISTRY = { server: "registry.example", username: "u", password: "p" };
const TRAEFIK = { className: "traefik" };

async function made(settings: Record<string, unknown>, options: Partial<FleetOptions> = {}) {
  const fleet = fleetOf(settings);
  return registered(() => {
    createFleet({ ...fleet, stack: "dev" }, { managesNamespace: true, ...options });
  });
}

const OWN_GATEWAY = { create: true, className: "traefik" };

/** Settings of a fleet whose models have HTTPRoutes. */
function onGateway(gateway: Record<string, unknown>, routing: Record<string, unknown> = {}) {
  return { gateway, routing: { flavour: "gateway", ...routing } };
}

/** A table of fleets: every setting that decides which objects there are. */
const FLEETS: [string, Record<string, unknown>][] = [
  ["an empty fleet", { models: "" }],
  ["a fleet behind nginx", { models: "iris,wine" }],
  ["a fleet behind traefik", { models: "iris,wine", ingress: TRAEFIK }],
  ["a fleet with a default backend", { routing: BACKEND }],
  ["a default backend without a model", { models: "", routing: BACKEND, ingress: TRAEFIK }],
  ["a fleet with a registry", { registry: REGISTRY }],
  ["a model with secrets beside one without", { models: "iris,wine", secrets: { iris: { KEY: "x" } } }],
  [
    "a model with variants",
    {
      catalog: { iris: { champion: "a", variants: { a: {}, default: {} } } },
      secrets: { "iris/a": { A: "1" } },
    },
  ],
  ["a fleet on a Gateway of others", { models: "iris,wine", ...onGateway({ name: "shared" }) }],
  [
    "a fleet on its own Gateway, with HTTPS and a default backend",
    { ...onGateway(OWN_GATEWAY, { ...BACKEND, host: "a.example", tls: { secretName: "a" } }) },
  ],
  [
    "models with hosts of their own",
    { models: "iris,wine", ...onGateway({ name: "shared" }, { hostTemplate: "{id}.example" }) },
  ],
  ["a fleet with an Ingress and HTTPRoutes", { ...onGateway({ name: "shared" }, { flavour: "both" }) }],
  [
    "a model with several pods beside one with one",
    { models: "iris,wine", catalog: { iris: { replicas: 2 } } },
  ],
  [
    "a fleet with a closed network, and a model that connects to another one",
    {
      models: "iris,wine",
      networkPolicy: { from: [{ namespace: "traefik" }] },
      catalog: { iris: { network: { to: [{ model: "wine" }] } } },
    },
  ],
  [
    "a fleet with a PodMonitor",
    { monitoring: { scrape: "podMonitor" }, catalog: { iris: { metrics: { port: 9090 } } } },
  ],
  ["a fleet whose models have no metrics for its PodMonitor", { monitoring: { scrape: "podMonitor" } }],
  ["a fleet that adopts objects", { adopt: ["service/iris", "secret/iris-env"] }],
  [
    "a fleet with all kinds of objects",
    { registry: REGISTRY, routing: BACKEND, ingress: TRAEFIK, secrets: { iris: { A: "1" } } },
  ],
];

describe("announced objects are exactly the registered objects", () => {
  test.each(FLEETS)("for %s", async (_what, settings) => {
    const objects = (await made(settings)).flatMap(
      ({ type, inputs }) => registeredObject(type, inputs["metadata"] as object) ?? [],
    );
    const announcements = announceFleet(fleetOf(settings)).map(({ object }) => object);
    expect(objects.sort()).toEqual([...announcements].sort());
  });
});

describe("an update of one model registers", () => {
  const objectsOf = async (settings: Record<string, unknown>) =>
    manifests(await made(settings, { only: new Set(["iris"]) }));
  const titles = (objects: readonly Manifest[]) =>
    objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();

  test("its objects and the fleet's own, with the paths of all models", async () => {
    const settings = { models: "iris,wine", routing: BACKEND, secrets: { wine: { KEY: "x" } } };
    const objects = await objectsOf(settings);
    expect(titles(objects)).toEqual([
      "Deployment iris",
      "Deployment modelfleet-default-backend",
      "Ingress modelfleet",
      "Namespace models",
      "Secret iris-env",
      "Secret modelfleet-registry",
      "Service iris",
      "Service modelfleet-default-backend",
    ]);
    const whole = manifests(await made(settings));
    expect(whole).toEqual(expect.arrayContaining(objects));
  });

  test("its HTTPRoute only", async () => {
    const objects = await objectsOf({ models: "iris,wine", ...onGateway({ name: "shared" }) });
    expect(titles(objects).filter((title) => title.startsWith("HTTPRoute"))).toEqual(["HTTPRoute iris"]);
  });
});

test("an entry of adopt that names no object of the fleet is a problem, with the nearest object", () => {
  const fleet = (adopt: string[]) => fleetOf({ adopt });
  expect(() => announceFleet(fleet(["service/iris", "service/irsi", "middleware/x"]))).toThrow(
    new UserError(`2 problems in the stack's settings; nothing was changed:
  adopt[1]: "service/irsi" is no object of this fleet; did you mean "service/iris"? Else remove it
  adopt[2]: "middleware/x" is no object of this fleet; remove it`),
  );
});

describe("a fleet", () => {
  test("makes its Namespace only if it manages the namespace", async () => {
    const kinds = async (managesNamespace: boolean) =>
      manifests(await made({}, { managesNamespace })).map(({ kind }) => kind);
    expect(await kinds(true)).toContain("Namespace");
    expect(await kinds(false)).not.toContain("Namespace");
  });

  test("without a model makes only its Namespace", async () => {
    expect(manifests(await made({ models: "" })).map(({ kind }) => kind)).toEqual(["Namespace"]);
  });

  test("returns its namespace, and the image, replicas and URL of each model", () => {
    const fleet = fleetOf({ models: "iris,wine", routing: { host: "models.example" } });
    return registered(() => {
      const { namespace, urls, models } = createFleet(
        { ...fleet, stack: "dev" },
        { managesNamespace: false },
      );
      expect(namespace).toBe("models");
      expect(urls).toEqual({
        iris: "http://models.example/models/iris",
        wine: "http://models.example/models/wine",
      });
      expect(models["iris"]).toEqual({ image: "registry.example/model:1", replicas: 1, url: urls["iris"] });
    });
  });

  test("pulls every image with the version of the pull Secret that it registers", async () => {
    const objects = manifests(await made({ registry: REGISTRY, routing: BACKEND }));
    const version = objects.find(({ type }) => type === "kubernetes.io/dockerconfigjson")?.metadata.name;
    const pullSecrets = objects
      .filter(({ kind }) => kind === "Deployment")
      .map(({ spec }) => (spec as { template: { spec: { imagePullSecrets: unknown } } }).template.spec);
    expect(version).toMatch(/^modelfleet-registry-[0-9a-f]{10}$/);
    expect(pullSecrets.map(({ imagePullSecrets }) => imagePullSecrets)).toEqual([
      [{ name: version }],
      [{ name: version }],
    ]);
  });

  test("has its labels and annotations on every object of its own, and on no model's", async () => {
    const extras = { labels: { team: "garden" }, annotations: { "example.com/owner": "us" } };
    const objects = manifests(
      await made({ ...extras, registry: REGISTRY, routing: BACKEND, ingress: TRAEFIK }),
    );
    const has = ({ metadata: { labels, annotations } }: Manifest) =>
      labels["team"] === "garden" && annotations?.["example.com/owner"] === "us";
    const nameOf = ({ kind, metadata: { name } }: Manifest) => `${kind} ${name}`;
    expect(objects.filter((object) => !has(object)).map(nameOf)).toEqual([
      "Deployment iris",
      "Secret iris-env",
      "Service iris",
    ]);
  });

  test("names every resource by its component, so that no two share a URN", async () => {
    const resources = await made(FLEETS.at(-1)?.[1] ?? {});
    const urns = resources.map(({ type, name }) => `${type}::${name}`);
    expect(new Set(urns).size).toBe(urns.length);
  });
});

describe("the golden file equals the whole objects", () => {
  const SETTINGS = {
    catalog: {
      iris: {
        args: ["--workers", 2],
        env: { LOG_LEVEL: "info" },
        replicas: 2,
        runAsUser: 1000,
        labels: { team: "garden" },
        annotations: { "example.com/scrape": true },
        service: { annotations: { "example.com/timeout": "30s" } },
      },
    },
    secrets: { iris: { API_KEY: "not-a-real-key" } },
    registry: REGISTRY,
    routing: { ...BACKEND, host: "models.example" },
  };
  const yaml = (objects: readonly Manifest[]) =>
    objects.map((object) => stringify(object, { sortMapEntries: true })).join("---\n");
  const ofModel = ({ metadata }: Manifest) => metadata.labels["app.kubernetes.io/name"] === "iris";

  test("of one model", async () => {
    const objects = manifests(await made(SETTINGS));
    await expect(yaml(objects.filter(ofModel))).toMatchFileSnapshot("goldens/model.yaml");
  });

  test("of the Ingress for nginx", async () => {
    const objects = manifests(await made(SETTINGS));
    await expect(yaml(objects.filter(({ kind }) => kind === "Ingress"))).toMatchFileSnapshot(
      "goldens/ingress-nginx.yaml",
    );
  });

  test("of the Ingress for traefik, with its Middleware", async () => {
    const objects = manifests(await made({ ...SETTINGS, ingress: TRAEFIK }));
    const kinds = ["Ingress", "Middleware"];
    await expect(yaml(objects.filter(({ kind }) => kinds.includes(kind)))).toMatchFileSnapshot(
      "goldens/ingress-traefik.yaml",
    );
  });
});
