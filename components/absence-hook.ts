import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { type Model, variantsOf } from "../config/resolve";
import { isNone } from "../config/settings/rollout";
import { modelNames } from "../fleet/names";
import { type HooksOf, tell } from "./hooks";
import { endsFirst, strategyOf } from "./pod/parts/rollout";

/** What of a Deployment's inputs tells whether its pods are replaced, and how. */
interface DeploymentInputs {
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly replicas?: number;
    readonly progressDeadlineSeconds?: number;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: number | string };
    };
    readonly template?: object;
  };
}

/**
 * Hooks that tell, in the preview and in the update, which model an update takes away for a while. None if no model's
 * pods end before their successors start.
 */
export function tellingAbsence(models: readonly Model<unknown>[]): HooksOf[] {
  const all = models.flatMap((model) => variantsOf(model).map((variant) => ({ id: model.id, ...variant })));
  const ending = all.filter((variant) => endsFirst(strategyOf(variant)));
  if (ending.length === 0) return [];
  const decided = ending.filter(({ deploymentStrategy }) => deploymentStrategy !== undefined);
  const names = new Set(decided.map(({ id, variant }) => modelNames(id, variant).deployment));
  const callback = async ({ urn, oldInputs, newInputs }: pulumi.ResourceHookArgs): Promise<void> => {
    const text = absence(oldInputs as DeploymentInputs, newInputs as DeploymentInputs, names);
    if (text !== undefined) await tell(text, urn);
  };
  const hook = new pulumi.ResourceHook("modelfleet: absence", callback, { onDryRun: true });
  return [(type) => (type === "kubernetes:apps/v1:Deployment" ? { beforeUpdate: [hook] } : {})];
}

/**
 * The sentence about an update that leaves a model without a pod for a while; undefined about any other one.
 *
 * @param decided Names of the Deployments whose strategy the settings say.
 */
export function absence(
  before: DeploymentInputs,
  { metadata: { name = "" } = {}, spec = {} }: DeploymentInputs,
  decided: ReadonlySet<string> = new Set(),
): string | undefined {
  const { replicas = 1, progressDeadlineSeconds: seconds = 0, strategy = {} } = spec;
  if (replicas === 0 || before.spec?.replicas === 0) return undefined;
  if (isDeepStrictEqual(before.spec?.template, spec.template)) return undefined;
  if (strategy.type !== "Recreate" && (replicas > 1 || !isNone(strategy.rollingUpdate?.maxSurge)))
    return undefined;
  const pods =
    replicas === 1 ? "its pod ends before the new one starts" : "its pods end before the new ones start";
  const fix = decided.has(name)
    ? "deploymentStrategy decides that"
    : "if the cluster has room for one more pod, set spareGpus to true";
  return `deployment/${name}: ${pods}, so the model is away for up to ${seconds} s (drainSeconds and startupSeconds); ${fix}`;
}
