import type { FleetSettings } from "../config/fleet-schema";
import type { GatewaySettings } from "../config/gateway-rules";
import { inProject } from "../config/prefix";
import type { Questions } from "../config/questions";
import type { ArtefactSettings } from "../fleet/artefact";
import type { PodSecurity } from "../fleet/owner";
import { type ClusterChoice, NoResponse } from "../kubernetes/api";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import type { Snapshot } from "./snapshot";

/** The fleet's stack, namespace, routes and cluster, and what it may take over. */
export interface OwnershipArgs
  extends
    Pick<FleetSettings, "namespace" | "adopt" | "maxDeletions" | "clusterId">,
    Partial<Pick<FleetSettings, "nodeAutoscaling">>,
    Partial<Questions> {
  readonly stack: string;
  readonly cluster: ClusterChoice;
  readonly models: readonly PlannedModel[];
  readonly routing: {
    readonly host?: string | undefined;
    readonly additionalHosts?: readonly string[];
    readonly timeoutSeconds?: number | undefined;
    readonly cors?: object | undefined;
    readonly defaultBackend?: unknown;
    readonly openai?: boolean;
    readonly tls?: { readonly secretName?: string | undefined; readonly redirect?: boolean } | undefined;
  };
  readonly gateway: GatewaySettings;
  readonly ingress: { readonly className: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** What the pods of a variant mount. */
interface Mounts extends ArtefactSettings {
  readonly volumes?: Readonly<Record<string, { readonly image?: string | undefined }>>;
}

/** How the number of a variant's pods is decided. */
export interface PlannedPods {
  /** @default `replicas` are fixed */
  readonly autoscaling?: { readonly min: number; readonly metric: { readonly by: string } } | undefined;
  /** Whether the settings say `replicas`, rather than the default. @default true */
  readonly saysReplicas?: boolean;
}

/** What of a model the cluster may have already: its paths, and the objects of its variants. */
export interface PlannedModel extends PlannedPods, Mounts {
  readonly id: string;
  readonly path: string;
  readonly aliases?: readonly string[];
  readonly host?: string | undefined;
  /** The champion. @default that of a model without variants */
  readonly variant?: string;
  readonly podSecurity?: PodSecurity;
  readonly challengers?: readonly PlannedVariant[];
  readonly route?: { readonly timeoutSeconds?: number | undefined };
}

/** A variant beside the champion. */
export interface PlannedVariant extends PlannedPods, Mounts {
  readonly variant: string;
  /** Share of the requests, per cent. @default none */
  readonly weight?: number;
  readonly mirrorPercent?: number | undefined;
  readonly headers?: object | undefined;
  readonly podSecurity?: PodSecurity;
}

/** The fleet as it is to be. */
export interface Plan extends OwnershipArgs {
  /** The objects that will be registered, as `kind/name`. */
  readonly announced: ReadonlySet<string>;
  /** Whether this is a preview, which changes nothing. */
  readonly isPreview: boolean;
}

/** What a check found. */
export interface Finding {
  /** Nothing is sent if there is an error. */
  readonly level: "error" | "warning" | "info";
  /** The object or the setting, what is wrong, and the fix. */
  readonly text: string;
  /** An entry of `adopt` that is a fix too, and what it does. */
  readonly adopt?: { readonly entry: string; readonly effect: string };
}

/** Compares the fleet with what the cluster has, and sends nothing. */
export type Check = (plan: Plan, snapshot: Snapshot) => readonly Finding[];

/** The error of a question to the cluster, or of a write, as Pulumi shows it. */
export function asShown(error: unknown, stack: string, hasWritten = false): unknown {
  if (!(error instanceof NoResponse) || hasWritten) return asRunError(inProject(error, stack));
  return asRunError(new UserError(`${error.message}; no object of the fleet was changed`));
}

/** The report of all errors; undefined without one. */
export function reportOf(
  findings: readonly Finding[],
  { adopt }: Pick<Plan, "adopt">,
  { server }: Pick<Snapshot, "server">,
): UserError | undefined {
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length === 0) return undefined;
  let next = adopt.length;
  const lines = errors.map(({ text, adopt: other }) => {
    if (other === undefined) return `  ${text}`;
    // Each with an index of its own, so that all these commands can be run.
    return `  ${text}, or ${other.effect} with \`pulumi config set --path 'adopt[${next++}]' ${other.entry}\``;
  });
  const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
  return new UserError(`${count} in the cluster at ${server}; nothing was changed:\n${lines.join("\n")}`);
}
