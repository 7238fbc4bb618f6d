import { type Kind, KIND_NAMES, pulumiType } from "../../fleet/objects";
import { titleOf } from "../update";

/** An object of the fleet in Pulumi's state. */
export interface StateObject {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

/** What the doctor reads of a stack's state: names and types only, since all else may be secret. */
export interface State {
  readonly objects: readonly StateObject[];
  /** Operations that a killed update had begun: `creating Deployment iris`. */
  readonly pending: readonly string[];
  /** Outputs of the last update; undefined if there was none, or if they are secret. */
  readonly namespace: string | undefined;
  readonly clusterId: string | undefined;
  /** The kind of secrets provider, such as `passphrase`. */
  readonly secretsProvider: string | undefined;
  /** The version of the Kubernetes provider that made the last update. */
  readonly providerVersion: string | undefined;
}

interface Resource {
  readonly urn?: string;
  readonly type?: string;
  readonly id?: string;
  /** Whether it is waiting for its deletion. */
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** As `pulumi stack export` prints it without `--show-secrets`. */
interface Exported {
  readonly deployment?: {
    readonly resources?: readonly Resource[];
    readonly pending_operations?: readonly { readonly type?: string; readonly resource?: Resource }[];
    readonly secrets_providers?: { readonly type?: string };
  };
}

/** The state in the text that `pulumi stack export` prints. */
export function stateOf(exported: string): State {
  const { deployment = {} } = JSON.parse(exported) as Exported;
  const { resources = [], pending_operations: pending = [], secrets_providers: secrets } = deployment;
  const { outputs } = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
  const provider = resources.find(({ type }) => type === "pulumi:providers:kubernetes");
  return {
    objects: resources.filter((resource) => resource.delete !== true).flatMap(objectOf),
    pending: pending.map(({ type = "", resource = {} }) => `${type} ${titleOf(resource)}`),
    namespace: textOf(outputs?.["namespace"]),
    clusterId: textOf(outputs?.["clusterId"]),
    secretsProvider: secrets?.type,
    providerVersion: textOf(provider?.inputs?.["version"]),
  };
}

function objectOf({ type, id = "" }: Resource): StateObject[] {
  const kind = KIND_NAMES.find((one) => pulumiType(one) === type);
  const [namespace, name] = id.split("/");
  return kind === undefined || namespace === undefined || name === undefined
    ? []
    : [{ kind, namespace, name }];
}

/** A text that is neither empty nor secret: Pulumi exports a secret as a map. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
