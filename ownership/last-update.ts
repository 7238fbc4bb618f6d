import * as pulumi from "@pulumi/pulumi";
import { KIND_NAMES, pulumiType } from "../fleet/objects";
import type { ObjectMeta } from "../fleet/owner";
import { readState, type StateResource } from "./read-state";

/** What the stack's state says about its last update. All are undefined before the first one. */
export interface LastUpdate {
  readonly namespace?: string;
  /** The cluster's ID, as in {@link Snapshot.clusterId}. */
  readonly clusterId?: string;
  /** URL or path of each model, by ID. */
  readonly urls?: Readonly<Record<string, string>>;
  /** What ran of each model, by ID. */
  readonly models?: Readonly<Record<string, LastModel>>;
  /** The metadata of the fleet's objects, by `kind/namespace/name`. */
  readonly objects?: ReadonlyMap<string, ObjectMeta>;
}

/** The variants of a model, and what each got of the requests; none of a model without variants. */
export interface LastModel {
  readonly variants?: Readonly<
    Record<string, { readonly trafficPercent?: number; readonly headers?: object }>
  >;
}

/**
 * What the stack's state says, as it was before this update and before its refresh. Read by a function of the engine rather
 * than with a `StackReference`, which would be a resource of the stack and has no objects.
 *
 * @param stack The stack's own name, without the project's.
 */
export async function lastUpdate(stack: string): Promise<LastUpdate> {
  try {
    return lastUpdateOf(await readState(`${organization()}/${pulumi.getProject()}/${stack}`));
  } catch (error) {
    // Such as a backend that does not know organizations: the checks that compare with the last update pass.
    await pulumi.log.debug(`the stack's last state cannot be read: ${String(error)}`);
    return {};
  }
}

function lastUpdateOf(resources: readonly StateResource[]): LastUpdate {
  const { outputs = {} } = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
  const { namespace, clusterId, urls, models } = outputs;
  return {
    ...(typeof namespace === "string" && { namespace }),
    // Empty if the account of the last update might not read it.
    ...(typeof clusterId === "string" && clusterId !== "" && { clusterId }),
    ...(typeof urls === "object" && urls !== null && { urls: urls as Record<string, string> }),
    ...(typeof models === "object" && models !== null && { models: models as Record<string, LastModel> }),
    objects: new Map(resources.flatMap(objectOf)),
  };
}

function objectOf({ type, outputs = {} }: StateResource): [string, ObjectMeta][] {
  const kind = KIND_NAMES.find((one) => pulumiType(one) === type);
  const metadata = outputs["metadata"] as ObjectMeta | undefined;
  if (kind === undefined || metadata?.name === undefined) return [];
  return [[`${kind}/${metadata.namespace ?? ""}/${metadata.name}`, metadata]];
}

/** The stack's organization. A component's process does not know it; with a file or a bucket, all have this one. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}
