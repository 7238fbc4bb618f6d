import { describe, expect, test } from "vitest";
import { chosen, type Namespace, oldModel } from "../../../../cli/adopt/find";
import { applyAnnotations, ownerLabels } from "../../../../fleet/owner";
import { ingressOf, oldIris, SERVICE } from "./old";

const named = (name: string, metadata: object = {}) => {
  const { deployment } = oldIris();
  return { ...deployment, metadata: { ...deployment.metadata, ...metadata, name } };
};

const podOf = (labels: Record<string, string>, lastTransitionTime: string) => ({
  metadata: { labels },
  status: {
    startTime: "2026-01-01T00:00:00Z",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime }],
  },
});

const NAMESPACE: Namespace = {
  name: "models",
  deployments: [
    named("iris-deployment"),
    named("wine-deployment", { labels: { team: "garden" } }),
    named("my-digits", { labels: { team: "garden" } }),
    named("own-deployment", { labels: ownerLabels("prod"), annotations: applyAnnotations("prod") }),
  ],
  services: [SERVICE],
  ingresses: [ingressOf(["/models/iris"])],
  pods: [
    podOf({ app: "iris" }, "2026-01-01T00:00:50Z"),
    podOf({ app: "iris" }, "2026-01-01T00:00:40Z"),
    podOf({ app: "wine" }, "2026-01-01T00:09:00Z"),
  ],
  autoscalers: [
    {
      metadata: { name: "scaler" },
      spec: { scaleTargetRef: { kind: "Deployment", name: "iris-deployment" } },
    },
  ],
};

const found = (given: string[], labels?: Record<string, string>, listed: string[] = []) =>
  [...chosen({ given, labels }, NAMESPACE, listed)].map(([id, { metadata }]) => `${id}=${metadata.name}`);

describe("adopted are", () => {
  test.each<[what: string, given: string[], labels: Record<string, string> | undefined, names: string[]]>([
    [
      "all of the script, and none of a fleet",
      [],
      undefined,
      ["iris=iris-deployment", "wine=wine-deployment"],
    ],
    [
      "those that are named",
      ["iris", "digits=my-digits"],
      undefined,
      ["iris=iris-deployment", "digits=my-digits"],
    ],
    ["those with a label", [], { team: "garden" }, ["wine=wine-deployment", "my-digits=my-digits"]],
    ["none of a label that nobody has", [], { team: "kitchen" }, []],
  ])("%s", (_what, given, labels, names) => {
    expect(found(given, labels)).toEqual(names);
  });

  test("models of the list that have no old Deployment any more: they are done", () => {
    expect(found(["churn"], undefined, ["churn"])).toEqual([]);
  });
});

test("what cannot be chosen is said, all of it at once", () => {
  expect(() => found(["irsi", "Digits=my-digits", "own", "iris", "iris=my-digits"]))
    .toThrow(`nothing was changed:
  irsi: there is no Deployment irsi-deployment in namespace models; did you mean iris-deployment? Name it as irsi=<deployment>, or its namespace with --from
  my-digits: "Digits" is not a valid model ID (lower-case letters, digits and "-"; starts with a letter, does not end with "-"); name a model ID: digits=my-digits
  own: Deployment own-deployment belongs to the stack prod
  iris: several Deployments would be this model; give each an ID: <id>=<deployment>`);
});

test("a model has the Services that select its pods, the paths to them, what scales it, and its slowest start", () => {
  const { services, routes, autoscalers, startedIn } = oldModel("iris", named("iris-deployment"), NAMESPACE);
  expect(services).toEqual([SERVICE]);
  expect(routes.map(({ path, at }) => ({ path, at }))).toEqual([{ path: "/models/iris", at: [0, 0] }]);
  expect(autoscalers.map(({ metadata }) => metadata.name)).toEqual(["scaler"]);
  expect(startedIn).toBe(50);
});

test("a Service or an Ingress of a fleet is nobody's leftover", () => {
  const ofFleet = { labels: ownerLabels("prod"), annotations: applyAnnotations("prod") };
  const own = <T extends { metadata: object }>(one: T) => ({
    ...one,
    metadata: { ...one.metadata, ...ofFleet },
  });
  const namespace = { ...NAMESPACE, services: NAMESPACE.services.map(own) };
  expect(oldModel("iris", named("iris-deployment"), namespace)).toMatchObject({ services: [], routes: [] });
  const routed = { ...NAMESPACE, ingresses: NAMESPACE.ingresses.map(own) };
  expect(oldModel("iris", named("iris-deployment"), routed).routes).toEqual([]);
});
