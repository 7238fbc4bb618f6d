import { execa } from "execa";
import { VERSION_OF } from "../../fleet/owner";
import type { Bench } from "./contender";
import { isAvailable, type Rollout } from "./readiness";

/** How many objects of a fleet exist and are ready. */
export interface FleetState {
  readonly readyDeployments: number;
  readonly services: number;
  readonly secrets: number;
  readonly routes: number;
}

/** The fields of an object that are read. */
export interface StateObject extends Rollout {
  readonly kind: string;
  /** Of a Secret: what it is for. */
  readonly type?: string;
  readonly metadata: Rollout["metadata"] & {
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Rollout["spec"] & {
    readonly rules?: readonly { readonly http?: { readonly paths: readonly unknown[] } }[];
  };
}

/** The type of the Secrets in which Helm keeps its releases: its state, and no object of the fleet. */
const HELM_RELEASE = "helm.sh/release.v1";

/** Counts the objects of a fleet in its namespace. A Deployment counts when it is available. */
export function countObjects(objects: readonly StateObject[]): FleetState {
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  const rules = of("Ingress").flatMap(({ spec }) => spec?.rules ?? []);
  return {
    readyDeployments: of("Deployment").filter(isAvailable).length,
    services: of("Service").length,
    // Counts only the owner of a versioned Secret: other contenders create one Secret instead of two.
    secrets: of("Secret").filter(
      ({ type, metadata }) => type !== HELM_RELEASE && metadata.annotations?.[VERSION_OF] === undefined,
    ).length,
    routes: rules.reduce((sum, { http }) => sum + (http?.paths.length ?? 0), 0),
  };
}

/** Why a namespace is not a complete fleet of this many models, all ready; undefined when it is. */
export function whyIncomplete(state: FleetState, models: number): string | undefined {
  const wanted: FleetState = {
    readyDeployments: models,
    services: models,
    secrets: models + 1,
    routes: models,
  };
  const wrong = (Object.keys(wanted) as (keyof FleetState)[]).filter((key) => state[key] !== wanted[key]);
  if (wrong.length === 0) return undefined;
  return wrong.map((key) => `${state[key]} ${key} instead of ${wanted[key]}`).join(", ");
}

/** @throws Error when a contender left its fleet incomplete: its time would mean nothing */
export async function verifyFleet(bench: Bench, namespace: string, models: number): Promise<void> {
  const kinds = "deployments,services,secrets,ingresses";
  const text = await kubectl(bench, "get", kinds, "--namespace", namespace, "--output", "json");
  const reason = whyIncomplete(countObjects((JSON.parse(text) as { items: StateObject[] }).items), models);
  if (reason) throw new Error(`left namespace ${namespace} incomplete: ${reason}`);
}

/** Deletes a namespace and waits until it is gone, so that the next contender starts on the same cluster. */
export async function deleteNamespace(bench: Bench, namespace: string, signal: AbortSignal): Promise<void> {
  const args = ["delete", "namespace", namespace, "--ignore-not-found", "--timeout=10m"];
  try {
    await kubectl({ ...bench, signal }, ...args);
  } catch (error) {
    // After an interrupt, the whole cluster is deleted anyway.
    if (!signal.aborted) throw error;
  }
}

async function kubectl(
  { tools, kubeconfig, signal }: Bench & { readonly signal?: AbortSignal },
  ...args: readonly string[]
): Promise<string> {
  const { stdout } = await execa(tools.kubectl, args, {
    env: { KUBECONFIG: kubeconfig },
    ...(signal && { cancelSignal: signal }),
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}
