import type { Facts } from "../../cli/doctor/facts";
import type { Found, Objects } from "../../cli/doctor/objects";
import type { State } from "../../cli/doctor/state";
import { applyAnnotations, fleetLabels, VERSION_OF } from "../../fleet/owner";
import type { Api } from "../../kubernetes/api";
import { UserError } from "../../lib/user-error";
import { fleetOf } from "./settings";

/** The state of a fleet in the namespace models, after an update. */
export const STATE: State = {
  objects: [],
  pending: [],
  namespace: "models",
  clusterId: "a",
  secretsProvider: undefined,
  providerVersion: undefined,
};

/** An object of the stack prod in the cluster. @param versionOf The name of a version of a Secret without its hash. */
export function found(object: Found["object"], namespace = "models", versionOf?: string): Found {
  const [kind, name] = object.split("/") as [Found["kind"], string];
  const annotations = { ...applyAnnotations("prod"), ...(versionOf && { [VERSION_OF]: versionOf }) };
  const metadata = { name, namespace, uid: name, resourceVersion: "1", labels: fleetLabels(name, "prod") };
  return { kind, object, namespace, name, metadata: { ...metadata, annotations } };
}

/** What the cluster has. */
export function objectsOf(...own: readonly Found[]): Objects {
  const existing = new Set(own.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`));
  return { own, existing, onlyIn: undefined };
}

/** An API that answers only what is given. */
export function api(answers: Partial<Api> = {}): Api {
  return { server: "https://cluster.example", ...answers } as Api;
}

/** Facts of the stack prod; a question that is not answered here is one that its check must not ask. */
export function factsWith(answers: Partial<Facts> = {}): Facts {
  const facts: Facts = {
    ...{ stack: "prod", name: "prod", settingsFile: "/nowhere/Pulumi.prod.yaml", environment: {} },
    pulumiVersion: "3.232.0",
    project: () => Promise.resolve({ name: "modelfleet", requiredPulumiVersion: ">=3.217.0" }),
    config: () => Promise.resolve({}),
    readableConfig: () => Promise.resolve({}),
    settings: () => Promise.resolve(fleetOf()),
    announced: () => Promise.resolve(new Set(["deployment/iris", "service/iris", "secret/iris-env"])),
    backend: () => Promise.resolve("file:///state"),
    locks: () => Promise.resolve([]),
    state: () => Promise.resolve(STATE),
    cluster: () => Promise.resolve({ api: api(), id: "a", version: "v1.34.1" }),
    ownCluster: () => facts.cluster(),
    objects: () => Promise.resolve(objectsOf()),
    again: () => facts,
    ...answers,
  };
  return facts;
}

/** A question without an answer. */
export const fails = (why: string) => () => Promise.reject(new UserError(why));
