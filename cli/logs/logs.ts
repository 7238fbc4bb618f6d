import { podsOfModel } from "../../fleet/owner";
import { hasColors } from "../../lib/color";
import { say } from "../../lib/progress";
import { UsageError, UserError } from "../../lib/user-error";
import { type OpenFleet, openFleet } from "../open-fleet";
import { type ModelPod, podsOf } from "../pods";
import { unknownModel } from "../status/fleet-status";
import { listedVariants, splitTitle, titleOfListed } from "../variants";
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

/** Prints the logs of a model's pods as they are. @param id As `iris` for all of its variants, or `iris/b` for one */
export async function logs(id: string, options: LogsOptions): Promise<void> {
  if (options.follow && options.previous)
    throw new UsageError("--previous shows a container that has ended, so it cannot go with --follow");
  const fleet = await openFleet(options.stack);
  const { stdout } = process;
  const prefixed = prefixer(hasColors(stdout));
  const pods = await podsNamed(fleet, id);
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

/** The pods of a model or a variant. @throws UserError when there is no such one */
async function podsNamed(
  { api, namespace, stack, models }: OpenFleet,
  text: string,
): Promise<readonly ModelPod[]> {
  const { id, variant } = splitTitle(text);
  const pods = await podsOf(api, namespace, podsOfModel(id, stack, variant));
  const known = models.flatMap((model) => [model.id, ...listedVariants(model).map(titleOfListed)]);
  if (pods.length === 0 && !known.includes(text)) throw unknownModel(stack, text, [...new Set(known)]);
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
