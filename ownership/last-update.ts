import * as pulumi from "@pulumi/pulumi";
import { type Applied, parsedApplied } from "../config/applied";

/** What the stack's outputs say about its last update. All are undefined before the first one. */
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
}

/** The variants of a model, and what each got of the requests; none of a model without variants. */
export interface LastModel {
  readonly variants?: Readonly<
    Record<string, { readonly trafficPercent?: number; readonly headers?: object }>
  >;
}

/**
 * The outputs of the stack's last update. Read by a function of the engine rather than with a `StackReference`, which
 * would be a resource of the stack.
 *
 * @param stack The stack's own name, without the project's.
 * @see https://github.com/pulumi/pulumi/blob/v3.232.0/pkg/resource/deploy/builtins.go (readStackOutputs)
 */
export async function lastUpdate(stack: string): Promise<LastUpdate> {
  const name = `${organization()}/${pulumi.getProject()}/${stack}`;
  try {
    const found: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    const { namespace, clusterId, urls, models, applied } =
      (found as { outputs?: Record<string, unknown> }).outputs ?? {};
    const known = parsedApplied(applied);
    return {
      ...(known && { applied: known }),
      ...(typeof namespace === "string" && { namespace }),
      // Empty if the account of the last update might not read it.
      ...(typeof clusterId === "string" && clusterId !== "" && { clusterId }),
      ...(typeof urls === "object" && urls !== null && { urls: urls as Record<string, string> }),
      ...(typeof models === "object" && models !== null && { models: models as Record<string, LastModel> }),
    };
  } catch (error) {
    // Such as a backend that does not know organizations: the checks that compare with the last update pass.
    await pulumi.log.debug(`the stack's last outputs cannot be read: ${String(error)}`);
    return {};
  }
}

/** The stack's organization. A component's process does not know it; with a file or a bucket, all have this one. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}
