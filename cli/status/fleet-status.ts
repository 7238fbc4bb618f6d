import { containerOf, isReady } from "../../failures/pod";
import { FLEET_NAMES } from "../../fleet/names";
import { selectorLabels } from "../../fleet/owner";
import { nearest } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";
import type { OpenFleet } from "../open-fleet";
import { type ModelPod, podsOf } from "../pods";
import { titleOfListed } from "../variants";
import { type ModelStatus, modelStatuses, stateOf } from "./model-status";
import { fleetObjects } from "./objects";
import { backendProblems, type Problem, problemsOf } from "./problems";

/** A fleet, as `--json` prints it. */
export interface FleetStatus {
  readonly stack: string;
  readonly namespace: string;
  readonly models: readonly ShownModel[];
  /** Those of the fleet's own objects. */
  readonly problems: readonly Problem[];
}

/** A model, and what is not right with it. */
export interface ShownModel extends ModelStatus {
  readonly problems: readonly Problem[];
  /** Only if the command names the model. */
  readonly pods?: readonly PodStatus[];
}

/** A pod, as `--json` prints it. */
export interface PodStatus {
  readonly name: string;
  readonly ready: boolean;
  /** How often its container was restarted. */
  readonly restarts: number;
  /** In RFC 3339. */
  readonly created: string;
  /** Null until it is scheduled. */
  readonly node: string | null;
}

/**
 * Asks the cluster for the state of a fleet.
 *
 * @param id Of the only model or variant to ask for, such as `iris` or `iris/b`. @default all models, without logs and pods
 * @throws UserError when the cluster cannot be asked, or there is no such model
 */
export async function fleetStatus(fleet: OpenFleet, id?: string): Promise<FleetStatus> {
  const { api, namespace, stack } = fleet;
  const objects = await fleetObjects(api, namespace, stack);
  const all = modelStatuses(fleet, objects);
  // `iris` is all of its variants.
  const models = all.filter((model) => id === undefined || [model.id, titleOfListed(model)].includes(id));
  if (id !== undefined && models.length === 0)
    throw unknownModel(
      stack,
      id,
      all.flatMap((model) => [...new Set([model.id, titleOfListed(model)])]),
    );
  const backend = objects.deployments.find(({ metadata }) => metadata.name === FLEET_NAMES.defaultBackend);
  const problems = id === undefined && backend ? await backendProblems(fleet, stateOf(backend)) : [];
  const ofModels = await problemsOf(fleet, models);
  const shown = models.map(async (model) => {
    const title = titleOfListed(model);
    const found = ofModels.get(title) ?? [];
    if (id === undefined) return { ...model, problems: found.map((one) => withoutLog(one, title)) };
    const pods = await podsOf(api, namespace, selectorLabels(model.id, stack, model.variant));
    return { ...model, problems: found, pods: pods.map(podStatus) };
  });
  return {
    stack,
    namespace,
    models: await Promise.all(shown),
    problems: problems.map((one) => withoutLog(one)),
  };
}

/** The error for an ID that no model has. */
export function unknownModel(stack: string, id: string, known: readonly string[]): UserError {
  const near = nearest(id, known);
  const fix = near === undefined ? "`npx modelfleet status` shows all models" : `did you mean "${near}"?`;
  return new UserError(`stack "${stack}" has no model "${id}"; ${fix}`);
}

function podStatus(pod: ModelPod): PodStatus {
  const { metadata, spec } = pod;
  return {
    name: metadata.name,
    ready: isReady(pod),
    restarts: containerOf(pod).restartCount ?? 0,
    created: metadata.creationTimestamp,
    node: spec?.nodeName ?? null,
  };
}

/** @param id Of the model, whose own status has the log. */
function withoutLog({ problem, fix, log }: Problem, id?: string): Problem {
  const more =
    log === undefined || id === undefined ? "" : ` (\`npx modelfleet status ${id}\` shows its log)`;
  return { problem, fix: fix + more };
}
