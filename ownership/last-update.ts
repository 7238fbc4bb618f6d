import * as pulumi from "@pulumi/pulumi";
import { type Applied, parsedApplied } from "../config/applied";
import { KIND_NAMES, pulumiType } from "../fleet/objects";
import type { ObjectMeta } from "../fleet/owner";
import { readState, type StateResource } from "./read-state";

/** The metadata of a fleet's objects, by `kind/namespace/name`. */
export type KnownObjects = ReadonlyMap<string, ObjectMeta>;

/** What the stack's state says about its last update. All are undefined before the first one. */
export interface LastUpdate {
  readonly namespace?: string;
  /** The cluster's ID, as in {@link Snapshot.clusterId}. */
  readonly clusterId?: string;
  /** URL or path of each model, by ID. */
  readonly urls?: Readonly<Record<string, string>>;
  /** What it applied, if every object is as its settings said. */
  readonly applied?: Applied;
  /** What ran of each model, by ID. */
  readonly models?: Readonly<Record<string, LastModel>>;
  /** All outputs of the stack, secrets in plain text. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Reads the fleet's objects, which takes as long as the state is large; none if they cannot be read. */
  readonly objects?: () => Promise<KnownObjects>;
}

/** The variants of a model, and what each got of the requests; none of a model without variants. */
export interface LastModel {
  readonly variants?: Readonly<
    Record<string, { readonly trafficPercent?: number; readonly headers?: object }>
  >;
}

/**
 * What the stack's state says, as it was before this update and before its refresh. Read by functions of the engine rather
 * than with a `StackReference`, which would be a resource of the stack and has no objects.
 *
 * @param stack The stack's own name, without the project's.
 * @see https://github.com/pulumi/pulumi/blob/v3.232.0/pkg/resource/deploy/builtins.go (readStackOutputs, readStackResourceOutputs)
 */
export async function lastUpdate(stack: string): Promise<LastUpdate> {
  const name = `${organization()}/${pulumi.getProject()}/${stack}`;
  const outputs = await orNothing(async () => {
    const found: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    return (found as { outputs?: Record<string, unknown> }).outputs ?? {};
  });
  if (outputs === undefined) return {};
  const { namespace, clusterId, urls, models, applied } = outputs;
  const known = parsedApplied(applied);
  return {
    ...{ outputs, ...(known && { applied: known }) },
    ...(typeof namespace === "string" && { namespace }),
    // Empty if the account of the last update might not read it.
    ...(typeof clusterId === "string" && clusterId !== "" && { clusterId }),
    ...(typeof urls === "object" && urls !== null && { urls: urls as Record<string, string> }),
    ...(typeof models === "object" && models !== null && { models: models as Record<string, LastModel> }),
    objects: async () => new Map(((await orNothing(() => readState(name))) ?? []).flatMap(objectOf)),
  };
}

/** What the state has; undefined if it cannot be read. */
async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    // Such as a backend that does not know organizations: the checks that compare with the last update pass.
    await pulumi.log.debug(`the stack's last state cannot be read: ${String(error)}`);
    return undefined;
  }
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
