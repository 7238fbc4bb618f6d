import { delimiter } from "node:path";
import { awaitAnswers, readinessUrls } from "../../cli/answers";
import { leaveEnvironment } from "../../cli/local-environment";
import { type ModelState, modelStates } from "../../cli/model-states";
import { update, type UpdateResult } from "../../cli/update";
import { ROOT } from "../../lib/paths";
import { say, step } from "../../lib/progress";
import { table } from "../../lib/table";
import { UserError } from "../../lib/user-error";
import type { Cluster } from "../cluster/types";
import { ENV_LINE } from "../env";
import { namedCluster, stateDirectory } from "../named-cluster";
import { oneAtATime } from "../one-at-a-time";
import { STACK } from "../places";
import { pulumiEnvironment } from "../pulumi-environment";
import { ensureTools, PULUMI_TOOLS } from "../toolchain/ensure";
import { localCluster } from "./local-cluster";
import { shortestPrediction } from "./prediction";

/** The option of `npm start`. */
export interface StartOptions {
  readonly simulated: boolean;
}

/**
 * Starts a local cluster, unless the user names one, deploys the stack "dev" to it, and prints where its models are.
 * Waits for another `npm start` or `npm stop` in this checkout.
 */
export function start(options: StartOptions): Promise<void> {
  return oneAtATime(() => startAlone(options));
}

async function startAlone({ simulated }: StartOptions): Promise<void> {
  const named = namedCluster();
  if (named) say(`Using ${named.by}, so no local cluster is started.`);
  const { cluster, tools } = named
    ? { cluster: undefined, tools: await ensureTools(PULUMI_TOOLS) }
    : await localCluster(simulated);
  const state = await stateDirectory(named);
  const environment = pulumiEnvironment({ directory: state, cluster, tools });
  const { PATH = "", ...variables } = environment;
  leaveEnvironment(ROOT, { stack: STACK, bin: PATH.split(delimiter)[0] ?? "", variables });
  const updated = await update({ stack: STACK, environment, state, shellSetup: ENV_LINE });
  if (updated.changes === 0) say("  nothing to change");
  await reportModels(updated, cluster?.nodes);
}

/** Waits until the models answer, and prints a table of them and what to type next. */
async function reportModels(
  { outputs, cluster }: UpdateResult,
  nodes: Cluster["nodes"] | undefined,
): Promise<void> {
  const urls = (outputs["urls"] ?? {}) as Record<string, string>;
  const statesNow = () => modelStates(cluster, String(outputs["namespace"]), STACK);
  let states = await statesNow();
  const asked = nodes === "simulated" ? {} : readinessUrls(urls, states);
  let silent: ReadonlyMap<string, string> = new Map();
  if (Object.keys(asked).length > 0) {
    silent = await step("Waiting for the models to answer", () => awaitAnswers(asked));
    states = await statesNow();
  }
  const models = Object.keys(outputs["models"] ?? {}).sort();
  process.stdout.write(`\n${modelsTable(models, states, urls)}\n\n`);
  if (silent.size > 0)
    throw new UserError(`some models do not answer:\n- ${[...silent.values()].join("\n- ")}`);
  await sayWhatIsNext(nodes, Object.keys(asked), urls);
}

/** Each model's ready replicas and URL. */
export function modelsTable(
  models: readonly string[],
  states: ReadonlyMap<string, Pick<ModelState, "ready" | "replicas">>,
  urls: Readonly<Record<string, string>>,
): string {
  const rows = models.map((id) => {
    const { ready, replicas } = states.get(id) ?? { ready: 0, replicas: 0 };
    return [id, `${ready}/${replicas}`, urls[id]];
  });
  return table(["MODEL", "READY", "URL"], rows);
}

async function sayWhatIsNext(
  nodes: Cluster["nodes"] | undefined,
  asked: readonly string[],
  urls: Readonly<Record<string, string>>,
): Promise<void> {
  if (nodes === "simulated") {
    say("The nodes are simulated: pods become ready, but nothing runs in them and no URL answers.");
    return;
  }
  if (Object.values(urls).some((url) => !URL.canParse(url))) {
    say("How the Ingress is reached is not known, so no model was asked: set routing.host or routing.url.");
    return;
  }
  const command = await shortestPrediction(asked, urls);
  if (command) process.stdout.write(`Ask for a prediction:\n  ${command}\n`);
}
