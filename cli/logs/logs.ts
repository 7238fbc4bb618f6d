import { selectorLabels } from "../../fleet/owner";
import { hasColors } from "../../lib/color";
import { say } from "../../lib/progress";
import { UsageError, UserError } from "../../lib/user-error";
import { type OpenFleet, openFleet } from "../open-fleet";
import { type ModelPod, podsOf } from "../pods";
import { unknownModel } from "../status/fleet-status";
import { follow } from "./follow";
import { type Line, merged } from "./lines";
import { prefixer, printLine } from "./output";
import { openLog } from "./pod-log";

/** What `modelfleet logs` takes. */
export interface LogsOptions {
  readonly stack: string | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
}

/** Prints the logs of a model's pods as they are. */
export async function logs(id: string, options: LogsOptions): Promise<void> {
  if (options.follow && options.previous)
    throw new UsageError("--previous shows a container that has ended, so it cannot go with --follow");
  const fleet = await openFleet(options.stack);
  const { stdout } = process;
  const prefixed = prefixer(hasColors(stdout));
  const pods = await podsOfModel(fleet, id);
  if (options.follow) {
    const seen = new Set(pods.map(({ metadata }) => metadata.name));
    if (seen.size === 0) say(`model "${id}" has no pods yet; its logs come when it has some`);
    return follow(fleet, id, async (pod, text) => {
      await printLine(seen.add(pod).size > 1 ? prefixed(pod, text) : text);
    });
  }
  if (pods.length === 0)
    throw new UserError(`model "${id}" has no pods; \`npx modelfleet status ${id}\` says why`);
  for await (const [pod, { text }] of modelLog(fleet, pods, options.previous))
    await printLine(pods.length > 1 ? prefixed(pod, text) : text);
}

/** The pods of a model. @throws UserError when there is no such model */
async function podsOfModel(
  { api, namespace, stack, models }: OpenFleet,
  id: string,
): Promise<readonly ModelPod[]> {
  const pods = await podsOf(api, namespace, selectorLabels(id, stack));
  const known = models.map((model) => model.id);
  if (pods.length === 0 && !known.includes(id)) throw unknownModel(stack, id, known);
  return pods;
}

/**
 * The lines of pods with the pods' names, by time. Says which pods have no log.
 *
 * @throws UserError when no pod has a log
 */
export async function* modelLog(
  fleet: Pick<OpenFleet, "api" | "namespace">,
  pods: readonly ModelPod[],
  previous: boolean,
): AsyncGenerator<readonly [pod: string, line: Line]> {
  const opened = await Promise.all(
    pods.map(async (pod) => [pod.metadata.name, await openLog(fleet, pod, { previous })] as const),
  );
  const reasons = opened.flatMap(([pod, log]) =>
    typeof log === "string" ? [`pod ${pod} has no ${previous ? "previous " : ""}log: ${log}`] : [],
  );
  if (reasons.length === pods.length) throw new UserError(reasons.join("\n"));
  for (const reason of reasons) say(reason);
  yield* merged(opened.flatMap(([pod, log]) => (typeof log === "string" ? [] : [[pod, log] as const])));
}
