import { createInterface } from "node:readline";
import { execa } from "execa";
import { until } from "../../lib/until";
import type { Bench } from "./contender";
import { TIMEOUT_MS } from "./measure";

/** The fields of a Deployment that say whether it is available. */
export interface Rollout {
  readonly metadata: { readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

/** A Deployment as a watch shows it. */
export interface DeploymentState extends Rollout {
  readonly metadata: Rollout["metadata"] & { readonly name: string; readonly resourceVersion: string };
}

/** The rule of `kubectl rollout status`: all pods are of the newest generation and available, and no other is left. */
export function isAvailable({ metadata, spec, status = {} }: Rollout): boolean {
  const { observedGeneration, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const wanted = spec?.replicas ?? 1;
  return (
    observedGeneration === metadata.generation &&
    [replicas, updatedReplicas, availableReplicas].every((number) => number === wanted)
  );
}

/** Since when the Deployments of a namespace are available, from all that was seen of them. */
export class Availability {
  private readonly deployments = new Map<string, { version: number; since: number | undefined }>();

  /**
   * Takes a Deployment's state into account, unless it knows a newer one.
   *
   * @param moment When it was seen, of `performance.now()`.
   */
  see(deployment: DeploymentState, moment: number): void {
    const { name, resourceVersion } = deployment.metadata;
    const version = Number(resourceVersion);
    const known = this.deployments.get(name);
    if (known && known.version > version) return;
    // Other changes of an available Deployment leave it available since it first was.
    const since = isAvailable(deployment) ? (known?.since ?? moment) : undefined;
    this.deployments.set(name, { version, since });
  }

  forget({ metadata }: DeploymentState): void {
    this.deployments.delete(metadata.name);
  }

  /** The names of those that are not available. */
  get unavailable(): string[] {
    return [...this.deployments].filter(([, { since }]) => since === undefined).map(([name]) => name);
  }

  /** The moment from which on exactly this many Deployments exist and all are available; undefined if that is not so. */
  since(count: number): number | undefined {
    if (this.deployments.size !== count || this.unavailable.length > 0) return undefined;
    return Math.max(...[...this.deployments.values()].map(({ since }) => since ?? 0));
  }
}

/** The benchmark's own watch of a namespace's Deployments. */
export interface ReadinessWatch {
  /**
   * Waits until exactly this many Deployments are available in the generation that they have when this is called.
   *
   * @returns The moment since when that is so, of `performance.now()`; it may lie before the call.
   * @throws Error after {@link TIMEOUT_MS}, or when the watch has ended
   */
  available(count: number, signal: AbortSignal): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Watches the Deployments of a namespace, which need not exist yet. It is the same for every contender, and returns when
 * the API server sends all changes from now on.
 */
export async function watchDeployments(
  { tools, kubeconfig }: Bench,
  namespace: string,
): Promise<ReadinessWatch> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const seen = new Availability();
  const end = new AbortController();
  const options = { env: { KUBECONFIG: kubeconfig }, stdin: "ignore", maxBuffer: 256 * 1024 ** 2 } as const;
  const get = (query: string) => ["get", "--raw", path + query];
  const watch = execa(tools.kubectl, get(WATCH), {
    ...{ ...options, buffer: { stdout: false }, reject: false, cancelSignal: end.signal },
    forceKillAfterDelay: 1000,
  });
  const ended = watch.then(
    ({ stderr }) => `was not measured, because the benchmark's watch ended: ${stderr}`,
  );
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: watch.stdout }).on("line", (line) => {
      const { type, object } = JSON.parse(line) as { type: string; object: DeploymentState };
      if (type === "BOOKMARK") resolve();
      else if (type === "DELETED") seen.forget(object);
      else if (type === "ADDED" || type === "MODIFIED") seen.see(object, performance.now());
    });
    void ended.then((reason) => reject(new Error(reason)));
  });
  return {
    async available(count, signal) {
      // What the contender sent may not have reached the watch yet. A list has it, and an older event then changes nothing.
      const { stdout } = await execa(tools.kubectl, get(""), options);
      const { items } = JSON.parse(stdout) as { items: DeploymentState[] };
      for (const item of items) seen.see(item, performance.now());
      return awaitAvailability(seen, count, ended, signal);
    },
    async stop() {
      end.abort();
      await ended;
    },
  };
}

/** All existing objects, a bookmark after them, and then every change. Without a limit the API server ends it earlier. */
const WATCH =
  "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=86400";

async function awaitAvailability(
  seen: Availability,
  count: number,
  ended: Promise<string>,
  signal: AbortSignal,
): Promise<number> {
  let reason: string | undefined;
  void ended.then((text) => (reason = text));
  const moment = await until(
    async () => {
      signal.throwIfAborted();
      if (reason !== undefined) throw new Error(reason);
      return Promise.resolve(seen.since(count));
    },
    // The moment is that of the event, whenever this looks.
    { intervalMs: 50, timeoutMs: TIMEOUT_MS },
  );
  if (moment !== undefined) return moment;
  throw new Error(
    `left these Deployments unavailable: ${seen.unavailable.join(", ") || "none, but others than wanted"}`,
  );
}
