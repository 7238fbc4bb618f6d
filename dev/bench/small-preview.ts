import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { linked } from "../places";
import type { Command } from "./contender";
import { modelfleet } from "./contenders/modelfleet";
import { modelIds } from "./fleet";
import { measure, type Usage } from "./measure";
import { PulumiProject } from "./pulumi-project";
import type { RunContext } from "./run";
import { spread } from "./statistics";
import { markdown } from "./table";

/** Of the empty program. */
const FILES = ["Pulumi.yaml", "index.mjs", "package.json"];
const MODELS = 3;
/** How often each is measured. The two take turns, and the first round, which fills caches, does not count. */
const ROUNDS = 5;

/** Compares a preview of three models that changes nothing with that of a program that makes nothing. @returns A table */
export async function smallPreview({ bench, directory, signal }: RunContext): Promise<string> {
  const ours = join(directory, "three-models");
  const empty = join(directory, "empty");
  try {
    await mkdir(ours, { recursive: true });
    await mkdir(empty, { recursive: true });
    const session = await modelfleet(bench).open(ours, "bench-small");
    await session.prepare(modelIds(MODELS), modelIds(MODELS));
    await measure(session.apply, ours, signal);
    linked([...FILES.map((file) => `dev/bench/peers/empty/${file}`), "node_modules"], empty);
    const project = await PulumiProject.create(bench, empty, "empty", {});
    const commands: readonly (readonly [string, Command | undefined, string])[] = [
      ["an empty program", project.command("preview"), empty],
      [`${MODELS} models`, session.check, ours],
    ];
    const usages = commands.map(() => [] as Usage[]);
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const [index, [, command, folder]] of commands.entries()) {
        const usage = await measure(command ? [command] : [], folder, signal);
        if (round > 0) usages[index]?.push(usage);
      }
    return comparison(commands.map(([name], index) => [name, usages[index] ?? []]));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Medians, with ratios to the first line, and their spread. */
export function comparison(lines: readonly (readonly [name: string, usages: readonly Usage[]])[]): string {
  const medians = lines.map(([name, usages]) => ({
    name,
    seconds: spread(usages.map(({ seconds }) => seconds)),
    cpu: spread(usages.map(({ cpuSeconds }) => cpuSeconds)),
  }));
  const [first] = medians;
  const cells = medians.map(({ name, seconds, cpu }) => [
    name,
    `${seconds.median.toFixed(2)} s (${seconds.min.toFixed(2)} to ${seconds.max.toFixed(2)})`,
    `${(seconds.median / (first?.seconds.median ?? NaN)).toFixed(2)}×`,
    `${cpu.median.toFixed(2)} s (${cpu.min.toFixed(2)} to ${cpu.max.toFixed(2)})`,
    `${(cpu.median / (first?.cpu.median ?? NaN)).toFixed(2)}×`,
  ]);
  return markdown(["a preview of", "returned", "ratio", "CPU", "ratio"], cells);
}
