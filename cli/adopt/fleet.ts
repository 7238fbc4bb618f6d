import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";
import { check } from "../../config/explain";
import { fleetSettings } from "../../config/fleet-schema";
import { mapOf } from "../../config/merge";
import { parseModels } from "../../config/models";
import { reportOf } from "../../config/problem";
import { jsonOrString } from "../../config/resolve";
import { modelPath } from "../../fleet/names";
import type { Api } from "../../kubernetes/api";
import { ingressOf } from "../../kubernetes/ingress-class";
import type { Routing } from "./routes";
import type { Tls } from "./tls";

/** What the settings of a fleet say already, as far as the adoption of models depends on it. */
export interface FleetView extends Routing {
  readonly namespace: string;
  /** IDs in the list of active models. */
  readonly listed: readonly string[];
  /** Paths of the listed models, as far as the stack's file says them. */
  readonly paths: readonly string[];
  /** IDs with an entry under `catalog`. */
  readonly catalog: readonly string[];
  /** The setting `defaults`, as it is written. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Names of the secrets of every model. */
  readonly sharedSecrets: readonly string[];
  /** The setting `routing.tls`. */
  readonly tls: Tls | undefined;
  /** Host of the setting `registry`; undefined if it is not set. */
  readonly registry: string | undefined;
}

/** @throws UserError with the problems of these settings, or that says why the cluster does not respond */
export async function fleetView(config: ConfigMap, api: Api): Promise<FleetView> {
  const own = (key: string) => {
    const text = config[`modelfleet:${key}`]?.value;
    return text === undefined ? undefined : jsonOrString(text);
  };
  const { routing, ingress, namespace } = fleetSettings.shape;
  const results = {
    routing: check(routing, own("routing"), "routing"),
    ingress: check(ingress, own("ingress"), "ingress"),
    namespace: check(namespace, own("namespace"), "namespace"),
  };
  const problems = Object.values(results).flatMap((result) => result.problems);
  if (results.routing.data === undefined || results.ingress.data === undefined || problems.length > 0)
    throw reportOf(problems);
  const served = await ingressOf(api, results.ingress.data);
  if (served.problems.length > 0) throw reportOf(served.problems);
  const { className, controller } = served.ingress;
  const { host, pathPrefix, tls } = results.routing.data;
  const listed = parseModels(config["modelfleet:models"]?.value ?? "[]").ids;
  const catalog = mapOf(own("catalog"));
  const { server } = mapOf(own("registry"));
  return {
    ...{ host, pathPrefix, tls, className, controller },
    namespace: results.namespace.data ?? "",
    listed,
    paths: listed.flatMap((id) => {
      const { path = modelPath(pathPrefix, id), aliases } = mapOf(catalog[id]);
      return [path, ...(Array.isArray(aliases) ? (aliases as unknown[]) : [])].map(String);
    }),
    catalog: Object.keys(catalog),
    defaults: mapOf(own("defaults")),
    sharedSecrets: Object.keys(mapOf(mapOf(own("secrets"))["defaults"])),
    registry: typeof server === "string" ? server : undefined,
  };
}
