import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { awaitAnswers, readinessUrls } from "../../cli/answers";
import { modelStates } from "../../cli/model-states";
import { deploy } from "../../cli/update";
import { ROOT } from "../../lib/paths";
import { main, say, step } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { runningCluster, startCluster } from "../cluster/cluster";
import { ensureSystemPackages } from "../cluster/node/system-packages";
import type { Cluster } from "../cluster/types";
import { buildImages } from "../images/images";
import { namedCluster, stateDirectory } from "../named-cluster";
import { CLUSTER_DIRECTORY, CLUSTER_NAME, LOCAL_DIRECTORY } from "../places";
import { STACK } from "../places";
import { pulumiEnvironment } from "../pulumi-environment";
import { predictionCommand, table } from "../summary";
import { CLUSTER_TOOLS, ensureTools, NODE_TOOLS, PULUMI_TOOLS } from "../toolchain/ensure";

// From nothing to a fleet that answers: a local cluster, unless one is named, and the stack "dev" on it.
await main(async () => {
  const { values } = parseArgs({ options: { simulated: { type: "boolean", default: false } } });
  const named = namedCluster();
  if (named) say(`Using ${named.by}, so no local cluster is started.`);
  const cluster = named ? undefined : await localCluster(values.simulated);

  const tools = await ensureTools(PULUMI_TOOLS);
  const directory = await stateDirectory(named);
  const environment = pulumiEnvironment({ directory, cluster, tools });
  const { outputs, changes, cluster: used } = await deploy(STACK, environment, directory);
  if (changes === 0) say("  nothing to change");

  const urls = (outputs["urls"] ?? {}) as Record<string, string>;
  const statesNow = () => modelStates(used, String(outputs["namespace"]), STACK);
  let states = await statesNow();
  const serving = cluster?.nodes !== "simulated";
  const asked = serving ? readinessUrls(urls, states) : {};
  let silent: ReadonlyMap<string, string> = new Map();
  if (Object.keys(asked).length > 0) {
    silent = await step("Waiting for the models to answer", () => awaitAnswers(asked));
    states = await statesNow();
  }

  const models = Object.keys(outputs["models"] ?? {}).sort();
  const lines = models.map((id) => ({ id, ...(states.get(id) ?? { ready: 0, replicas: 0 }), url: urls[id] }));
  process.stdout.write(`\n${table(lines)}\n\n`);

  if (silent.size > 0)
    throw new UserError(`not every model answers:\n- ${[...silent.values()].join("\n- ")}`);
  if (!serving) {
    say(
      "The nodes are simulated: pods are scheduled and become ready, but nothing runs in them and no URL answers.",
    );
    return;
  }
  if (Object.values(urls).some((url) => !URL.canParse(url))) {
    say("How the Ingress is reached is not known, so no model was asked: set ingress.host or ingress.url.");
    return;
  }
  const command = await shortestPrediction(Object.keys(asked), urls);
  if (command) process.stdout.write(`Ask for a prediction:\n  ${command}\n`);
});

async function localCluster(simulated: boolean): Promise<Cluster> {
  // Without patience: starting one waits for one that is there.
  const running = await runningCluster(CLUSTER_DIRECTORY, 0);
  if (running && (running.nodes === "simulated" || !simulated)) return running;
  const fallback = simulated ? "asked for with --simulated" : await ensureSystemPackages();
  const tools = await ensureTools([...PULUMI_TOOLS, ...CLUSTER_TOOLS, ...(fallback ? [] : NODE_TOOLS)]);
  const images = fallback ? [] : await buildImages(join(LOCAL_DIRECTORY, "images"));
  const nodes = fallback ? "simulated" : "auto";
  const cluster = await startCluster({
    name: CLUSTER_NAME,
    directory: CLUSTER_DIRECTORY,
    nodes,
    images,
    tools,
  });
  const reason = fallback ?? cluster.simulatedBecause;
  if (cluster.nodes === "simulated") say(`Simulated nodes: ${reason ?? "a real node did not start"}.`);
  return cluster;
}

/** The shortest prediction that can be typed; only models of examples/ come with a sample. */
async function shortestPrediction(
  ids: readonly string[],
  urls: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const commands = await Promise.all(
    ids.map(async (id) => {
      const file = join(ROOT, "examples", "model-server", "models", `${id}.json`);
      const text = await readFile(file, "utf8").catch(() => undefined);
      return text
        ? [predictionCommand(id, urls[id] ?? "", (JSON.parse(text) as { sample: unknown }).sample)]
        : [];
    }),
  );
  return commands.flat().sort((a, b) => a.length - b.length)[0];
}
