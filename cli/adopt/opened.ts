import { type Api, type ClusterChoice, connect } from "../../kubernetes/api";
import { UsageError } from "../../lib/user-error";
import type { ChangeOptions } from "../change";
import { clusterOf } from "../cluster-of";
import { refuseAnotherCluster } from "../open-fleet";
import { type OpenStack, openStack } from "../stack";
import type { OldModel } from "./entry";
import { chosen, type Namespace, oldModel, readNamespace } from "./find";
import { type FleetView, fleetView } from "./fleet";

/** The options of `adopt`. */
export interface AdoptOptions extends ChangeOptions {
  /** Labels of Deployments, as `l=v,l2=v2`. */
  readonly selector: string | undefined;
  /** Namespace of the old objects. @default that of the fleet */
  readonly from: string | undefined;
  /** Whether the old objects are deleted in the end. */
  readonly deleteOld: boolean;
}

/** The stack, its cluster, and what is to be adopted. */
export interface Opened {
  readonly stack: OpenStack;
  readonly cluster: ClusterChoice;
  readonly api: Api;
  readonly fleet: FleetView;
  /** Namespace of the old objects. */
  readonly from: string;
  /** As `id` or `id=deployment`. */
  readonly given: readonly string[];
  readonly options: AdoptOptions;
}

/** @throws UserError when the stack is of another cluster, or its settings are wrong */
export async function open(given: readonly string[], options: AdoptOptions): Promise<Opened> {
  const stack = await openStack(options.stack);
  const [config, outputs] = await Promise.all([stack.stack.getAllConfig(), stack.stack.outputs()]);
  const cluster = clusterOf(config, stack.variables);
  const api = connect(cluster);
  await refuseAnotherCluster(api, outputs["clusterId"]?.value);
  const fleet = await fleetView(config, api);
  return { stack, cluster, api, fleet, from: options.from ?? fleet.namespace, given, options };
}

/** Reads the old objects. @param listed IDs in the list of models */
export async function readOlds(
  { api, from, given, options }: Opened,
  listed: readonly string[],
): Promise<{ readonly olds: readonly OldModel[]; readonly namespace: Namespace }> {
  const namespace = await readNamespace(api, from);
  const found = chosen({ given, labels: labelsOf(options.selector) }, namespace, listed);
  return { olds: [...found].map(([id, deployment]) => oldModel(id, deployment, namespace)), namespace };
}

/** @throws UsageError if the selector is not label=value */
export function labelsOf(selector: string | undefined): Record<string, string> | undefined {
  if (selector === undefined) return undefined;
  const pairs = selector.split(",").map((text) => text.split("="));
  if (pairs.some(({ length, 0: key }) => length !== 2 || key === ""))
    throw new UsageError(`--selector "${selector}" is not label=value, such as team=garden`);
  return Object.fromEntries(pairs) as Record<string, string>;
}
