import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isMap } from "../../config/merge";
import type { ModelSettings } from "../../config/model-schema";
import { SERVER } from "../../fleet/names";
import type { Scrape } from "../../fleet/scrape";
import { overlay } from "./overlay";

type DeploymentSpec = types.input.apps.v1.DeploymentSpec;
type PodTemplate = types.input.core.v1.PodTemplateSpec;
type PodSpec = types.input.core.v1.PodSpec;
export type Container = types.input.core.v1.Container;

/** The settings of a model that its Deployment uses. */
export type PodSettings = Omit<
  ModelSettings,
  | "path"
  | "aliases"
  | "host"
  | "route"
  | "service"
  | "plain"
  | "protect"
  | "serviceAccount"
  | "disruptionBudget"
  | "network"
> & {
  /** Image that downloads the model's files. @default none, since nothing is downloaded */
  readonly initializerImage?: string;
};

/** Arguments of a Deployment besides its settings: its name, its owner, and the Secrets that other objects supply. */
export interface ServerArgs {
  /** Value of `app.kubernetes.io/name`: the ID of the model. */
  readonly name: string;
  /** The variant of the model. @default that of a model without variants */
  readonly variant?: string;
  readonly stack: string;
  /** Name of the Secret with the secret environment. @default none */
  readonly envFromSecret?: pulumi.Input<string> | undefined;
  /** Name of the ServiceAccount that was made for the pods. @default `serviceAccountName` of the settings */
  readonly serviceAccount?: pulumi.Input<string> | undefined;
  /** Name of the pull Secret. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
  /** How Prometheus finds the metrics. @default annotations */
  readonly scrape?: Scrape;
}

/** What one capability adds to a Deployment. */
export interface PodPart {
  /** Fields of the model's container. */
  readonly container?: Partial<Container>;
  /** Fields of the pod. */
  readonly pod?: Partial<PodSpec>;
  readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Fields of the Deployment besides its template and its selector. */
  readonly deployment?: Partial<Omit<DeploymentSpec, "template" | "selector">>;
}

/** A capability: from the settings to its part, and nothing else. */
export type Part = (settings: PodSettings, args: ServerArgs) => PodPart;

/** The parts as one: lists go on, maps are merged, and of two other values the later one stands. */
export function together(parts: readonly PodPart[]): Required<PodPart> {
  const none: Required<PodPart> = { container: {}, pod: {}, annotations: {}, deployment: {} };
  return parts.reduce<Required<PodPart>>((all, part) => joined(all, part) as Required<PodPart>, none);
}

function joined(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...(one as unknown[]), ...(other as unknown[])];
  if (!isPlain(one) || !isPlain(other)) return other;
  const both = Object.keys(other).filter((key) => key in one);
  return { ...one, ...other, ...Object.fromEntries(both.map((key) => [key, joined(one[key], other[key])])) };
}

/**
 * Settings that have Kubernetes' own form already. Their schema leaves missing fields out, which its type does not say.
 */
export function asWritten<T>(settings: object): T {
  return settings as T;
}

/** A map of settings, not a value that Pulumi has yet to get. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return isMap(value) && !pulumi.Output.isInstance(value);
}

/** The template of a Deployment's pods. @param podSpec What is laid over the result of all parts. */
export function podTemplate(
  { container, pod, annotations }: Pick<Required<PodPart>, "container" | "pod" | "annotations">,
  labels: Readonly<Record<string, string>>,
  podSpec: PodSettings["podSpec"] = {},
): PodTemplate {
  const spec = { ...pod, containers: [{ name: SERVER, ...container }] };
  return { metadata: { labels, annotations }, spec: overlay(spec, podSpec) as PodSpec };
}
