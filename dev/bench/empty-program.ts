/** How near modelfleet comes to what Pulumi itself needs: a comparison with programs that make nothing in the cluster. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { step } from "../../lib/progress";
import { killProcesses } from "../cluster/processes";
import { linked } from "../places";
import { deleteNamespace } from "./cluster-state";
import type { Command } from "./contender";
import { check, projectOfFleet, up, verb } from "./contenders/modelfleet";
import { BENCH_STACK, IMAGE, modelIds } from "./fleet";
import { measureCheck, type Times } from "./phase";
import { PulumiProject } from "./pulumi-project";
import type { RunContext } from "./run";
import { spread } from "./statistics";
import { markdown } from "./table";

/** Of a program of `peers`. */
const FILES = ["Pulumi.yaml", "index.mjs", "package.json"];
const MODELS = 3;
const NAMESPACE = "bench-empty-program";

/** What is compared: a command for each round, which counts from 0. */
interface Line {
  readonly name: string;
  readonly directory: string;
  readonly command: (round: number) => Command;
}

/** Compares a preview of three models that changes nothing with that of a program that makes nothing. @returns A table */
export async function smallPreview(context: RunContext): Promise<string> {
  const empty = await made(context, "empty", "empty");
  const { directory, project } = await fleetOf(MODELS, "three-models", context);
  const other = await PulumiProject.create(context.bench, empty, "empty", {});
  const lines: readonly Line[] = [
    { name: "an empty program", directory: empty, command: () => other.command("preview") },
    { name: `${MODELS} models`, directory, command: () => check(project) },
  ];
  return comparison("a preview of", await inTurns(lines, 5, context));
}

/**
 * Compares `modelfleet deploy` of one model with an update of one component, which makes nothing in the cluster, in a copy
 * of the same state. @returns A table
 */
export async function oneOfMany(context: RunContext, models: number): Promise<string> {
  const other = await made(context, `one-component-of-${models}`, "one-component");
  const { directory, project, ids } = await fleetOf(models, `${models}-models`, context);
  const copy = await project.copyTo(other);
  const component = `urn:pulumi:${BENCH_STACK}::modelfleet::bench:index:Component::component`;
  const update = copy.command("up", "--yes", "--skip-preview", "--target", component);
  const image = (round: number) => `${IMAGE.split(":")[0]}:of-round-${round}`;
  const deploy = (round: number) => verb(project, "deploy", ids[0] ?? "", "--image", image(round), "--yes");
  const lines: readonly Line[] = [
    { name: "one component, by Pulumi", directory: other, command: () => update },
    { name: `one of ${models} models`, directory, command: deploy },
  ];
  return comparison("an update of", await inTurns(lines, 3, context));
}

/** A new fleet, in a folder of this name and in the cluster. */
async function fleetOf(models: number, name: string, context: RunContext) {
  const { bench, signal } = context;
  const directory = await made(context, name);
  // The Ingress of the fleet before has the same paths.
  await deleteNamespace(bench, NAMESPACE, signal);
  const { project, prepare } = await projectOfFleet(bench, directory, NAMESPACE);
  const ids = modelIds(models);
  await prepare(ids);
  await step(`${models} models from empty`, () => measured(up(project), directory, context));
  return { directory, project, ids };
}

/** A new folder, with links to a program of `peers`. */
async function made({ directory }: RunContext, name: string, peer?: string): Promise<string> {
  const folder = join(directory, name);
  await mkdir(folder, { recursive: true });
  if (peer !== undefined)
    linked([...FILES.map((file) => `dev/bench/peers/${peer}/${file}`), "node_modules"], folder);
  return folder;
}

/** Measures the commands in turn. The first round, which fills caches, does not count. */
async function inTurns(
  lines: readonly Line[],
  rounds: number,
  context: RunContext,
): Promise<(readonly [name: string, times: readonly Times[]])[]> {
  const all = lines.map(({ name }) => [name, [] as Times[]] as const);
  await step(lines.map(({ name }) => name).join(", and "), async (detail) => {
    for (let round = 0; round <= rounds; round += 1)
      for (const [index, { name, command, directory }] of lines.entries()) {
        detail(`${name}, ${round} of ${rounds}`);
        const times = await measured(command(round), directory, context);
        if (round > 0) all[index]?.[1].push(times);
      }
  });
  return all;
}

async function measured(command: Command, directory: string, context: RunContext): Promise<Times> {
  return measureCheck(command, { ...context, directory }).finally(() => killProcesses(directory));
}

/** Medians, with ratios to the first line, and their spread. */
export function comparison(
  title: string,
  lines: readonly (readonly [name: string, times: readonly Times[]])[],
): string {
  const medians = lines.map(([name, times]) => {
    const [seconds, cpu] = [times.map(({ returned }) => returned), times.map((one) => one.cpu)];
    // None where there is no /proc.
    const memory = times.flatMap((one) => one.memory ?? []);
    return {
      name,
      seconds: spread(seconds),
      cpu: spread(cpu),
      memory: memory.length === 0 ? "-" : `${Math.round(spread(memory).median)} MiB`,
    };
  });
  const [first] = medians;
  const cells = medians.map(({ name, seconds, cpu, memory }) => [
    name,
    `${seconds.median.toFixed(2)} s (${seconds.min.toFixed(2)} to ${seconds.max.toFixed(2)})`,
    `${(seconds.median / (first?.seconds.median ?? NaN)).toFixed(2)}×`,
    `${cpu.median.toFixed(2)} s (${cpu.min.toFixed(2)} to ${cpu.max.toFixed(2)})`,
    `${(cpu.median / (first?.cpu.median ?? NaN)).toFixed(2)}×`,
    memory,
  ]);
  return markdown([title, "returned", "ratio", "CPU", "ratio", "memory"], cells);
}
