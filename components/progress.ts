import * as pulumi from "@pulumi/pulumi";
import { duration } from "../lib/progress";
import { someOf } from "../lib/some-of";
import { known } from "./known-id";

/** From this number of models on, a fleet takes long enough for its progress to be told. */
const LARGE_FLEET = 100;

/** How often a large fleet tells its progress, in milliseconds. */
const INTERVAL_MS = 10_000;

/** How often a wait is told, in milliseconds, and how many of those that are waited for are named. */
const WAITING_MS = 5_000;
const NAMED = 3;

/** The size of a fleet: its models, and all its objects. */
export interface FleetSize {
  readonly models: number;
  readonly objects: number;
}

/** Tells the size of a large fleet before the long part of a run begins. Of a small one, it tells nothing. */
export async function tellSize({ models, objects }: FleetSize): Promise<void> {
  if (models < LARGE_FLEET) return;
  // The SDK sends several debug messages per object, one at a time, and every other message waits behind them: in a
  // preview without changes, all progress would be shown at its end.
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
  await tell(`${models} models with ${objects} objects`);
}

/**
 * Tells how far a large fleet is, every ten seconds: Pulumi prints nothing about objects that do not change. Of a small
 * fleet, it tells nothing.
 *
 * @returns To be called with each of the fleet's objects when it is registered.
 */
export function tellProgress({ models, objects }: FleetSize): (resource: pulumi.Resource) => void {
  if (models < LARGE_FLEET) return () => undefined;
  const began = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    void tell(`${done} of ${objects} objects done, ${duration(performance.now() - began)} so far`);
  }, INTERVAL_MS);
  // The run ends without waiting for the timer.
  timer.unref();
  const finish = (urn: string | undefined) => {
    // One that was refused has none.
    if (urn === undefined) return;
    done += 1;
    if (done === objects) clearInterval(timer);
  };
  // Only after the resource's constructor, which sets its URN; that has its value once the object is compared or applied.
  return (resource) => queueMicrotask(() => void known(resource.urn).then(finish));
}

/**
 * Tells every few seconds what is waited for, until it is told to stop. Of a wait that is soon over, it tells nothing.
 *
 * @param waiting The names of the Deployments that are not ready yet.
 */
export function tellWaiting(waiting: () => readonly string[]): () => void {
  const began = performance.now();
  const timer = setInterval(() => {
    const names = waiting();
    if (names.length === 0) return;
    const time = duration(performance.now() - began);
    void tell(`waiting for the pods of ${someOf(names, NAMED)}, ${time} so far`);
  }, WAITING_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Shows a text on the stack's line while Pulumi runs; it does not stay in the messages at the end. */
function tell(text: string): Promise<void> {
  return pulumi.log.info(text, undefined, undefined, true);
}
