import { setTimeout as sleep } from "node:timers/promises";
import type { ModelState } from "./model-states";

const POLL_MS = 200;
const PATIENCE_MS = 60_000;

/**
 * Where each model says that it is ready, by ID. Left out is a model that is paused, and one whose URL is only a path:
 * nobody has said how to reach the Ingress.
 */
export function readinessUrls(
  urls: Readonly<Record<string, string>>,
  states: ReadonlyMap<string, ModelState>,
): Record<string, string> {
  const asked = Object.entries(urls).flatMap(([id, url]): [string, string][] => {
    const { replicas = 0, readinessPath } = states.get(id) ?? {};
    return replicas > 0 && readinessPath !== undefined && URL.canParse(url)
      ? [[id, url + readinessPath]]
      : [];
  });
  return Object.fromEntries(asked);
}

/**
 * Waits until every model answers through the ingress that it is ready.
 *
 * @param urls From `readinessUrls`.
 * @param patienceMs How long a model may stay silent, in milliseconds. A minute unless told.
 * @returns Why models do not answer, by ID; empty when all do.
 */
export async function awaitAnswers(
  urls: Readonly<Record<string, string>>,
  patienceMs = PATIENCE_MS,
): Promise<Map<string, string>> {
  const deadline = performance.now() + patienceMs;
  const silent = new Map<string, string>();
  await Promise.all(
    Object.entries(urls).map(async ([id, url]) => {
      let problem = await problemOf(url);
      while (problem && performance.now() < deadline) {
        await sleep(POLL_MS);
        problem = await problemOf(url);
      }
      if (problem) silent.set(id, problem);
    }),
  );
  return silent;
}

async function problemOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok ? undefined : `${url} answers ${response.status}`;
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error };
    return `${url}: ${cause?.message || message}`;
  }
}
