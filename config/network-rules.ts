import { artefactOf } from "../fleet/artefact";
import { nearest } from "../lib/nearest";
import type { FleetSettings } from "./fleet-schema";
import { type Model, type Variant, variantsOf } from "./model";
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

/** Addresses of networks of one's own, and of the nodes and clouds themselves: what is there is named in `to`. */
const PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
const INTERNET: Destination = { cidr: "0.0.0.0/0", except: PRIVATE, ports: [443] };

/**
 * The models as the network policy has them: without one in force, none has a part of it. One whose files are loaded over
 * the network may load them from the internet; a policy knows no host names, so it may not be said more closely.
 */
export function withNetworks(models: readonly Model[], { networkPolicy }: Settings): Model[] {
  const settled = <One extends Variant>(one: One): One => {
    if (networkPolicy?.enabled !== true) return { ...one, network: undefined };
    if (!isLoaded(one)) return one;
    return { ...one, network: { ...one.network, to: [...(one.network?.to ?? []), INTERNET] } };
  };
  return models.map((model) => ({ ...settled(model), challengers: model.challengers.map(settled) }));
}

function isLoaded(variant: Variant): boolean {
  const how = artefactOf(variant)?.how;
  return how === "download" || how === "engine";
}
