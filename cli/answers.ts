import { until } from "../lib/until";
import type { ModelState } from "./model-states";

const POLL_MS = 200;
const PATIENCE_MS = 60_000;

/**
 * The readiness URL of each model, by ID. Omits models without pods, since nobody answers for them: paused ones, and those
 * that an autoscaler scaled to zero. Omits models whose URL is only a path because no address is known.
 */
export function readinessUrls(
  urls: Readonly<Record<string, string>>,
  states: ReadonlyMap<string, ModelState>,
): Record<string, string> {
  const asked = Object.entries(urls).flatMap(([id, url]): [string, string][] => {
    const { replicas = 0, readinessPath } = states.get(id) ?? {};
    return replicas > 0 && readinessPath !== undefined && URL.canParse(url)
      ? [[id, readinessUrl(url, readinessPath)]]
      : [];
  });
  return Object.fromEntries(asked);
}

/** A server whose path is not stripped, with `ingress.controller: none`, has all of it in its readiness path. */
function readinessUrl(url: string, path: string): string {
  const { pathname } = new URL(url);
  return path.startsWith(`${pathname}/`) ? url.slice(0, -pathname.length) + path : url + path;
}

/**
 * Waits until every model answers at its URL that it is ready.
 *
 * @param urls From `readinessUrls`.
 * @param patienceMs How long a model may fail to answer, in milliseconds. @default a minute
 * @returns Why models do not answer, by ID; empty when all do.
 */
export async function awaitAnswers(
  urls: Readonly<Record<string, string>>,
  patienceMs = PATIENCE_MS,
): Promise<Map<string, string>> {
  const silent = new Map<string, string>();
  await Promise.all(
    Object.entries(urls).map(async ([id, url]) => {
      let why: string | undefined;
      const answers = async () => (why = await whySilent(url)) === undefined;
      await until(answers, { intervalMs: POLL_MS, timeoutMs: patienceMs });
      if (why !== undefined) silent.set(id, why);
    }),
  );
  return silent;
}

async function whySilent(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok ? undefined : `${url} answers ${response.status}`;
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error };
    return `${url}: ${cause?.message || message}`;
  }
}
