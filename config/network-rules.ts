import { nearest } from "../lib/nearest";
import type { FleetSettings } from "./fleet-schema";
import { type Model, variantsOf } from "./model";
import { variantPath } from "./needed";
import type { Destination } from "./network-schema";
import { pathText, problem, type Problem } from "./problem";

type Settings = Pick<FleetSettings, "networkPolicy">;

/** The network policy must let requests in, and a model's part of it needs it. */
export function problemsOfNetwork({ networkPolicy }: Settings, models: readonly Model[]): Problem[] {
  const ids = models.map(({ id }) => id);
  const { enabled = false, from = [], to = [] } = networkPolicy ?? {};
  const nobody = problem(
    "networkPolicy.from",
    undefined,
    "is empty, so that no request would reach a model",
    "name the namespace in which the pods of the ingress controller or of the Gateway run, such as [{namespace: traefik}]",
  );
  const unknown = [
    ...unknownModels(to, "networkPolicy.to", ids),
    ...places(models).flatMap(({ at, network }) =>
      unknownModels(network.to ?? [], pathText(["to"], at), ids),
    ),
  ];
  const rule = "has no effect without networkPolicy";
  const alone = places(models).map(({ at }) =>
    problem(at, undefined, rule, "set networkPolicy.from, or remove it"),
  );
  return [
    ...(enabled && from.length === 0 ? [nobody] : []),
    ...(networkPolicy === undefined ? alone : unknown),
  ];
}

/** What each variant that has `network` says there. */
function places(models: readonly Model[]) {
  return models.flatMap((model) =>
    variantsOf(model).flatMap(({ variant, network }) =>
      network === undefined ? [] : [{ at: pathText(["network"], variantPath(model, variant)), network }],
    ),
  );
}

function unknownModels(to: readonly Destination[], at: string, ids: readonly string[]): Problem[] {
  return to.flatMap(({ model }, index) => {
    if (model === undefined || ids.includes(model)) return [];
    const near = nearest(model, ids);
    const fix = near === undefined ? "name a model of the list" : `did you mean "${near}"?`;
    return [problem(pathText([index, "model"], at), model, "is no active model", fix)];
  });
}

/** The models as the network policy has them: without one in force, none has a part of it. */
export function withNetworks(models: readonly Model[], { networkPolicy }: Settings): Model[] {
  const open = <One extends object>(one: One) => ({ ...one, network: undefined });
  if (networkPolicy?.enabled === true) return [...models];
  return models.map((model) => ({ ...open(model), challengers: model.challengers.map(open) }));
}
