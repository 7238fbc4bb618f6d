import { isDeepStrictEqual } from "node:util";
import { DEFAULT_VARIANT, isFleetName, modelNames, modelTitle } from "../../fleet/names";
import type { Kind } from "../../fleet/objects";
import { isOwn, selectorLabels, variantOfObject } from "../../fleet/owner";
import type { Check, Plan } from "../finding";
import { plannedVariants } from "../planned";
import type { Existing } from "../snapshot";

/** Refuses names that somebody else's objects have: an object that is applied with force would take them over. */
export const takenNames: Check = ({ namespace, stack, adopt, announced }, { objects }) =>
  [...objects.values()]
    .flat()
    .filter(({ object, metadata }) => announced.has(object) && !isOwn(metadata, stack))
    .map(({ object }) => object)
    .filter((object) => !adopt.includes(object))
    .sort()
    .map((object) => ({
      level: "error",
      text: `${object} in namespace "${namespace}": exists already and was not made by this stack; ${otherName(object)}`,
      adopt: { entry: object, effect: "take the object over" },
    }));

/** Every fleet has an object of a fleet's name, so its owner is most likely another fleet. */
function otherName(object: Existing["object"]): string {
  return isFleetName(object.split("/")[1] ?? "")
    ? "give this fleet a namespace of its own"
    : "rename the model";
}

/** Refuses to take over a Deployment with another selector than the fleet's: a selector is immutable. */
export const otherSelectors: Check = (plan, { selectors }) => {
  const { namespace, stack, announced } = plan;
  const owners = ownersOf(plan);
  return [...selectors]
    .filter(([name]) => announced.has(`deployment/${name}`))
    .filter(([name, selector]) => {
      const { id, variant } = owners.get(name) ?? { id: name, variant: DEFAULT_VARIANT };
      return !isDeepStrictEqual(selector, { matchLabels: selectorLabels(id, stack, variant) });
    })
    .map(([name]) => ({
      level: "error",
      text:
        `deployment/${name} in namespace "${namespace}": has another selector, which is immutable; ` +
        `delete it first: \`kubectl delete deployment ${name} --namespace ${namespace}\``,
    }));
};

/**
 * Refuses that a model gets the names of another one's variant, or the reverse: Pulumi would apply the new Deployment over
 * the old one, which is refused since a selector is immutable, and then delete both.
 */
export const otherModels: Check = (plan, { objects }) => {
  const { namespace, stack } = plan;
  const owners = ownersOf(plan);
  return (objects.get("deployment") ?? [])
    .filter(({ metadata }) => isOwn(metadata, stack))
    .flatMap(({ metadata }) => {
      const { name = "" } = metadata;
      const [before, after] = [variantOfObject(metadata), owners.get(name)];
      // A label that somebody changed is no other model.
      const isTrue = modelNames(before.id, before.variant).deployment === name;
      if (!isTrue || after === undefined || isDeepStrictEqual(before, after)) return [];
      const [old, next] = [before, after].map(({ id, variant }) => modelTitle(id, variant));
      const text = `deployment/${name} in namespace "${namespace}": is that of ${old}, and would be that of ${next}; give that another name, or delete the old one in an update before`;
      return [{ level: "error", text }];
    });
};

/** The models and variants by the names of their Deployments. */
function ownersOf({ models }: Pick<Plan, "models">): Map<string, ReturnType<typeof variantOfObject>> {
  const all = plannedVariants({ models }).map(({ id, settings: { variant } }) => ({ id, variant }));
  return new Map(all.map((owner) => [modelNames(owner.id, owner.variant).deployment, owner]));
}

/** Why a kind is needed, and what to do in a cluster without it. */
const NEEDED_KINDS: readonly (readonly [kind: Kind, text: string])[] = [
  [
    "middleware",
    "ingress.controller: traefik strips a model's path with a Middleware, and the cluster has no such kind; " +
      "install Traefik's custom resource definitions, or set ingress.controller to none, with which the model gets the whole path",
  ],
  [
    "httproute",
    "routing.flavour: models are routed by HTTPRoutes, and the cluster has no such kind; " +
      "install the Gateway API's custom resource definitions and a controller, or set routing.flavour to ingress",
  ],
  [
    "scaledobject",
    "scaleMetric: KEDA's ScaledObjects scale the models by what Prometheus measures, and the cluster has no such kind; " +
      "install KEDA, or set scaleMetric to cpu or memory, which need none",
  ],
  [
    "podmonitor",
    "monitoring.scrape: podMonitor needs a PodMonitor, and the cluster has no such kind; " +
      "install the Prometheus Operator, or set monitoring.scrape to annotations",
  ],
];

/** Refuses objects of kinds that the cluster does not have. */
export const unknownKinds: Check = (_plan, { unknownKinds: kinds }) =>
  NEEDED_KINDS.filter(([kind]) => kinds.has(kind)).map(([, text]) => ({ level: "error", text }));
