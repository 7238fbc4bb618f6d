import { z } from "zod";
import { compareQuantities } from "../../fleet/quantity";
import type { ModelSettings } from "../model-schema";
import { problem } from "../problem";
import { isExtended } from "../resources";
import { setting, text } from "../rules";
import type { VariantRule } from "../variant-rules";

/** A number of pods, or a share of them. */
const amount = z.union([
  z.int().min(0).max(1000),
  text('is not a number of pods such as 1, nor a share of them such as "25%"', /^(\d{1,2}|100)%$/),
]);

/** Settings of how new pods replace old ones. */
export const rolloutSettings = {
  spareGpus: setting(
    z.boolean(),
    "Whether the cluster has room for one more pod of a model that holds GPUs or other devices, so that a new pod starts before an old one ends, as for any other model. Otherwise an old one ends first: a rollout would wait for ever for a device that the old pod holds.",
    { default: false },
  ),
  deploymentStrategy: setting(
    z
      .strictObject({
        type: setting(
          z.enum(["RollingUpdate", "Recreate"]).optional(),
          "`Recreate` ends all pods before it starts new ones, so that the model is away meanwhile.",
          {
            otherwise: "`RollingUpdate`; `Recreate` for a single pod that holds devices, without `spareGpus`",
          },
        ),
        maxSurge: setting(
          amount.optional(),
          "How many pods more than `replicas` there may be during a rollout, as a number or a share.",
          { otherwise: "25%; 0 for pods that hold devices, without `spareGpus`" },
        ),
        maxUnavailable: setting(
          amount.optional(),
          "How many pods fewer than `replicas` may be ready during a rollout, as a number or a share.",
          { otherwise: "0; 1 if `maxSurge` is 0" },
        ),
      })
      .optional(),
    "How new pods replace old ones, as in a Deployment.",
  ),
};

/** A rollout must be able to begin. */
export const possibleStrategy: VariantRule = ({ at, settings }) => {
  const { type, maxSurge, maxUnavailable } = settings.deploymentStrategy ?? {};
  const path = `${at}.deploymentStrategy`;
  if (type === "Recreate")
    return Object.entries({ maxSurge, maxUnavailable })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) =>
        problem(`${path}.${key}`, value, "has no effect with type Recreate", "remove it"),
      );
  if (!isNone(maxUnavailable)) return [];
  const say = (rule: string, fix: string) => [problem(`${path}.maxUnavailable`, maxUnavailable, rule, fix)];
  if (isNone(maxSurge))
    return say("is 0 as maxSurge is, so that no pod could be replaced", "raise one of the two");
  if (maxSurge !== undefined || settings.spareGpus || !holdsDevices(settings)) return [];
  const rule = "leaves a rollout no way to begin: its pods hold devices, so maxSurge is 0";
  return say(rule, "set maxSurge, or spareGpus to true");
};

/** Whether a number or a share of pods is none of them. */
export function isNone(amount: number | string | undefined): boolean {
  return amount !== undefined && parseInt(String(amount), 10) === 0;
}

/** Whether a pod holds something of which a node has a few: a GPU, a part of one, another device. */
export function holdsDevices({
  resources,
  resourceClaims = [],
}: Pick<ModelSettings, "resources" | "resourceClaims">): boolean {
  const limits = Object.entries(resources.limits);
  return (
    resourceClaims.length > 0 ||
    limits.some(([name, amount]) => isExtended(name) && compareQuantities(amount, "0") > 0)
  );
}
