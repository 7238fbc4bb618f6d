/** Variants that are to get requests and got none before: an update awaits only what it changes, so they are looked at. */

import { DEFAULT_VARIANT, modelNames } from "../fleet/names";
import { pathOf } from "../fleet/objects";
import type { Api } from "../kubernetes/api";
import type { OwnershipArgs, PlannedModel } from "./finding";
import type { LastModel, LastUpdate } from "./last-update";

/** Pods of a Deployment. */
export interface Readiness {
  readonly ready: number;
  readonly wanted: number;
}

/** A variant that is to get requests. */
export interface NewlyServing {
  readonly id: string;
  readonly variant: string;
  readonly deployment: string;
  /** The Deployments that answered them so far. */
  readonly instead: readonly string[];
}

/** The variants that get requests now, and got none at the last update. Of new models, none. */
export function newlyServing(
  models: readonly PlannedModel[],
  { models: before = {} }: Pick<LastUpdate, "models">,
): NewlyServing[] {
  return models.flatMap((model) => {
    const last = before[model.id];
    if (last === undefined) return [];
    const served = servedBy(last);
    const instead = served.map((variant) => modelNames(model.id, variant).deployment);
    return servingNow(model)
      .filter((variant) => !served.includes(variant))
      .map((variant) => {
        return { id: model.id, variant, deployment: modelNames(model.id, variant).deployment, instead };
      });
  });
}

function servingNow({ variant = DEFAULT_VARIANT, challengers = [] }: PlannedModel): string[] {
  const others = challengers.filter(({ weight = 0, headers }) => weight > 0 || headers !== undefined);
  return [variant, ...others.map((one) => one.variant)];
}

function servedBy({ variants }: LastModel): string[] {
  if (variants === undefined) return [DEFAULT_VARIANT];
  return Object.entries(variants).flatMap(([name, { trafficPercent = 0, headers }]) =>
    trafficPercent > 0 || headers !== undefined ? [name] : [],
  );
}

/** The pods of these variants, and of those that served before, by Deployment. What is not there, or may not be read, is left out. */
export async function readReadiness(
  api: Api,
  { models, namespace }: Pick<OwnershipArgs, "models" | "namespace">,
  last: LastUpdate,
): Promise<ReadonlyMap<string, Readiness>> {
  const names = newlyServing(models, last).flatMap(({ deployment, instead }) => [deployment, ...instead]);
  const found = await Promise.all(
    [...new Set(names)].map(async (name): Promise<[string, Readiness][]> => {
      const { status, body } = await api.get(pathOf("deployment", namespace, name));
      if (status !== 200) return [];
      const { spec, status: state } = body as {
        readonly spec?: { readonly replicas?: number };
        readonly status?: { readonly readyReplicas?: number };
      };
      return [[name, { ready: state?.readyReplicas ?? 0, wanted: spec?.replicas ?? 1 }]];
    }),
  );
  return new Map(found.flat());
}
