import { findEvidence } from "../../failures/evidence";
import { explained } from "../../failures/report";
import { FLEET_NAMES, modelNames, modelTitle } from "../../fleet/names";
import { type Api, NoResponse } from "../../kubernetes/api";
import { UserError } from "../../lib/user-error";
import { titleOfListed } from "../variants";
import type { ModelStatus, State } from "./model-status";

/** What is not right, and what to do about it. */
export interface Problem {
  /** A sentence without a full stop. */
  readonly problem: string;
  /** What to do next, as an imperative. */
  readonly fix: string;
  /** The last lines of a pod's log, without secret values. @default no server ran */
  readonly log?: readonly string[];
}

/** The fleet that is looked at. */
export interface Place {
  readonly api: Api;
  readonly namespace: string;
  readonly stack: string;
  /** Secret values of the settings, which are hidden; those of the pods are read. */
  readonly secrets: readonly string[];
}

/** How many Deployments are looked at in parallel, each with several requests. */
const PARALLEL = 4;

/** The problems of models and variants, by title; models without one are left out. */
export async function problemsOf(
  place: Place,
  models: readonly ModelStatus[],
): Promise<Map<string, Problem[]>> {
  const found = new Map<string, Problem[]>(
    models.map((model) => [titleOfListed(model), plainProblems(place, model)]),
  );
  const waiting = models.filter(({ state }) => isUnready(state));
  const workers = Array.from({ length: PARALLEL }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const name = modelNames(next.id, next.variant).deployment;
      found.get(titleOfListed(next))?.unshift(...(await problemsOfPods(place, name, next.state)));
    }
  });
  await Promise.all(workers);
  return new Map([...found].filter(([, problems]) => problems.length > 0));
}

/** The problems of the default backend; none if there is no such Deployment, or it is ready. */
export function backendProblems(place: Place, state: State | undefined): Promise<Problem[]> {
  return state !== undefined && isUnready(state)
    ? problemsOfPods(place, FLEET_NAMES.defaultBackend, state)
    : Promise.resolve([]);
}

function isUnready(state: State): boolean {
  return state === "not-ready" || state === "rolling-out";
}

/** What the lists of objects show. */
export function plainProblems(
  { namespace, stack }: Pick<Place, "namespace" | "stack">,
  { id, variant, state, routed, inLastUpdate }: ModelStatus,
): Problem[] {
  const model = modelTitle(id, variant);
  const name = modelNames(id, variant).deployment;
  if (state === "missing") {
    const problem = `${model} of the last update is missing in namespace "${namespace}" of the cluster`;
    return [{ problem, fix: "`pulumi up --refresh` creates it again" }];
  }
  if (state === "deleting") {
    const problem = `${model} is being deleted`;
    return [{ problem, fix: "wait; if nobody meant that, `pulumi up --refresh` creates it again" }];
  }
  if (!inLastUpdate) {
    const problem = `${model} is in the cluster, and not in the last update of stack "${stack}"`;
    const fix =
      "wait if an update is running, otherwise run `pulumi up`; if the model is not in the list, " +
      `\`kubectl delete deployment,service ${name} --namespace ${namespace}\` removes it`;
    return [{ problem, fix }];
  }
  if (routed) return [];
  return [
    {
      problem: `${model} has no route: no Ingress and no HTTPRoute of stack "${stack}" leads to Service "${name}"`,
      fix: "`pulumi up --refresh` restores it",
    },
  ];
}

/** Reasons that a pod has while its server starts as it should. */
const STARTING = /probe failed|gives no reason/i;

async function problemsOfPods(place: Place, name: string, state: State): Promise<Problem[]> {
  const { api, namespace, secrets } = place;
  const isRollingOut = state === "rolling-out";
  try {
    const evidence = await findEvidence(api, { namespace, name }, secrets);
    if (evidence === undefined) return isRollingOut ? [inRollout(name)] : [];
    if (isRollingOut && STARTING.test(evidence.reason)) return [inRollout(name)];
    const { what, why, fix } = explained(evidence);
    const { log } = evidence;
    return [{ problem: `${what}: ${oneLine(why)}`, fix, ...(log !== undefined && { log }) }];
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof NoResponse) throw error;
    const problem = `${name} is not ready, and its pods cannot be looked at: ${error.message}`;
    return [{ problem, fix: `see \`kubectl describe deployment ${name} --namespace ${namespace}\`` }];
  }
}

function inRollout(name: string): Problem {
  return {
    problem: `deployment/${name} is being rolled out: its new pods are starting`,
    fix: "wait, or follow it with `npx modelfleet status --watch`",
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
