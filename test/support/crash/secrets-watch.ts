import { setTimeout as sleep } from "node:timers/promises";
import { pathOf, podsPath, replicaSetsPath } from "../../../fleet/objects";
import { connect } from "../../../kubernetes/api";
import { UserError } from "../../../lib/user-error";
import { secretsInUse, type Workload } from "../../../ownership/unused-secrets";

/** How long to wait between two looks, in milliseconds. */
const PAUSE_MS = 300;

/** Looks all the time whether every Secret that something needs exists. */
export interface SecretsWatch {
  /** The Secrets that were missing since the last call, each with what needs it. */
  missing(): string[];
  stop(): Promise<void>;
}

/**
 * Watches the Secrets of a namespace that a Deployment, a ReplicaSet with pods or a pod needs: without one of them, a pod
 * could not start again.
 */
export function watchSecrets(kubeconfig: string, namespace: string): SecretsWatch {
  const api = connect({ kubeconfig, context: undefined, environment: {} });
  const missing = new Set<string>();
  const list = async <T>(path: string) => {
    const { status, body } = await api.get(path);
    if (status !== 200) throw new UserError(`${path}: ${status}`);
    return (body as { items?: T[] | null }).items ?? [];
  };
  const needed = async () => {
    const deployments = await list<Workload>(pathOf("deployment", namespace));
    const replicaSets = await list<Workload>(replicaSetsPath(namespace));
    const pods = await list<Workload>(podsPath(namespace));
    return secretsInUse([...deployments, ...replicaSets.filter(({ spec }) => spec?.replicas !== 0), ...pods]);
  };
  const look = async () => {
    // In this order: a Secret is deleted only after what needs it.
    const before = await needed();
    const { body } = await api.listMetadata(pathOf("secret", namespace));
    const { items = [] } = body as { items?: { metadata: { name: string } }[] };
    const existing = new Set(items.map(({ metadata }) => metadata.name));
    const absent = [...before].filter((name) => !existing.has(name));
    if (absent.length === 0) return;
    // What needed it may have gone before it.
    const after = await needed();
    for (const name of absent) if (after.has(name)) missing.add(name);
  };
  const { signal, abort } = stopper();
  const loop = (async () => {
    while (!signal.aborted) {
      await look().catch((error: unknown) => {
        // The API server may be stopped: then there is nothing to see.
        if (!(error instanceof UserError)) throw error;
      });
      await sleep(PAUSE_MS);
    }
  })();
  return {
    missing: () => {
      const names = [...missing];
      missing.clear();
      return names;
    },
    stop: () => {
      abort();
      return loop;
    },
  };
}

function stopper(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
