import { isDeepStrictEqual } from "node:util";
import { isFleetName } from "../../fleet/names";
import { isOwn, selectorLabels } from "../../fleet/owner";
import type { Check } from "../finding";
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
export const otherSelectors: Check = ({ namespace, stack, announced }, { selectors }) =>
  [...selectors]
    .filter(([name]) => announced.has(`deployment/${name}`))
    .filter(([name, selector]) => !isDeepStrictEqual(selector, { matchLabels: selectorLabels(name, stack) }))
    .map(([name]) => ({
      level: "error",
      text:
        `deployment/${name} in namespace "${namespace}": has another selector, which is immutable; ` +
        `delete it first: \`kubectl delete deployment ${name} --namespace ${namespace}\``,
    }));

/** Refuses a Middleware in a cluster without Traefik's kinds. */
export const unknownKinds: Check = (_plan, { unknownKinds: kinds }) =>
  kinds.has("middleware")
    ? [
        {
          level: "error",
          text:
            "ingress.controller: traefik strips a model's path with a Middleware, and the cluster has no such kind; " +
            "install Traefik's custom resource definitions, or set ingress.controller to none, with which the model gets the whole path",
        },
      ]
    : [];
