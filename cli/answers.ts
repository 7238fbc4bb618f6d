import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 200;
const PATIENCE_MS = 60_000;

/**
 * Waits until every model answers through the ingress that it is ready.
 *
 * @param urls URL of each model, by ID.
 * @returns Why models do not answer, by ID; empty when all do.
 */
export async function awaitAnswers(urls: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const deadline = performance.now() + PATIENCE_MS;
  const silent = new Map<string, string>();
  await Promise.all(
    Object.entries(urls).map(async ([id, url]) => {
      let problem = await problemOf(`${url}/v2/health/ready`);
      while (problem && performance.now() < deadline) {
        await sleep(POLL_MS);
        problem = await problemOf(`${url}/v2/health/ready`);
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
