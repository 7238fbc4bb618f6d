import { setTimeout as sleep } from "node:timers/promises";
import { selectorOf } from "../fleet/owner";
import { splitLines } from "../lib/split-lines";
import { UserError } from "../lib/user-error";
import { type Api, NoResponse, Refused, unexpectedStatus } from "./api";

/** How long to wait before a watch begins again, in milliseconds. */
const AGAIN_MS = 1000;

/**
 * How long a watch goes on, in seconds, and how much later it is given up, in milliseconds: a connection that somebody on
 * the way has dropped in silence brings nothing any more.
 */
const WATCH_SECONDS = 60;
const GRACE_MS = 15_000;

/** Answers that do not change by asking again. */
const FINAL: readonly number[] = [403, 404];

interface Named {
  readonly metadata: { readonly name: string };
}

/** Which objects to watch, and until when. */
export interface WatchArgs {
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Who is told of the objects. */
export interface Told<T> {
  /** Gets an object as it is now; undefined if it is gone. */
  readonly seen: (name: string, object: T | undefined) => void;
  /** Called whenever all that are there have been told. */
  readonly listed: () => void;
}

type Seen<T> = Told<T>["seen"];

/**
 * Tells every object at a path of the API server as it is, and every change from then on, until the signal. If the
 * server ends the watch, does not answer or has an error, it begins again.
 *
 * @throws Refused if the account may not list or watch the objects
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function watchObjects<T extends Named>(
  api: Api,
  path: string,
  { labels, signal }: WatchArgs,
  { seen, listed }: Told<T>,
): Promise<void> {
  const there = new Set<string>();
  const tell: Seen<T> = (name, object) => {
    if (object === undefined) there.delete(name);
    else there.add(name);
    seen(name, object);
  };
  const query = new URLSearchParams({ labelSelector: selectorOf(labels) });
  while (!signal.aborted) {
    try {
      const { items, version } = await list<T>(api, `${path}?${query.toString()}`);
      const now = new Set(items.map(({ metadata }) => metadata.name));
      for (const name of there) if (!now.has(name)) tell(name, undefined);
      for (const object of items) tell(object.metadata.name, object);
      listed();
      const watch = new URLSearchParams({
        ...Object.fromEntries(query),
        watch: "1",
        resourceVersion: version,
        timeoutSeconds: `${WATCH_SECONDS}`,
      });
      await follow(api, `${path}?${watch.toString()}`, signal, tell);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused || !(error instanceof UserError)) throw error;
    }
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function list<T>(
  api: Api,
  path: string,
): Promise<{ readonly items: readonly T[]; readonly version: string }> {
  const { status, body } = await api.get(path);
  if (status !== 200) throw errorOf(api, `list ${kindOf(path)}`, status, body);
  const { items = [], metadata = {} } = body as {
    readonly items?: readonly T[];
    readonly metadata?: { readonly resourceVersion?: string };
  };
  return { items, version: metadata.resourceVersion ?? "" };
}

/** Tells changes until the API server ends the watch, or says that it must begin again. */
async function follow<T extends Named>(
  api: Api,
  path: string,
  signal: AbortSignal,
  tell: Seen<T>,
): Promise<void> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(WATCH_SECONDS * 1000 + GRACE_MS)]);
  const { status, body } = await api.getStream(path, end);
  if (status !== 200) throw errorOf(api, `watch ${kindOf(path)}`, status, body);
  for await (const line of splitLines(body as AsyncIterable<string>)) {
    const event = parsed<T>(line);
    if (event === undefined || event.type === "ERROR") return;
    tell(event.object.metadata.name, event.type === "DELETED" ? undefined : event.object);
  }
}

function errorOf(api: Api, what: string, status: number, body: unknown): UserError {
  const error = unexpectedStatus(api, what, status, body);
  return FINAL.includes(status) ? error : new NoResponse(error.message);
}

/** Undefined if the connection was cut within the line. */
function parsed<T>(line: string): { readonly type: string; readonly object: T } | undefined {
  try {
    return JSON.parse(line) as { readonly type: string; readonly object: T };
  } catch {
    return undefined;
  }
}

function kindOf(path: string): string {
  return path.split("?")[0]?.split("/").at(-1) ?? "";
}
