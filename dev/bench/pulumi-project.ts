import { mkdirSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { SettingsFile } from "../../cli/settings-file";
import { merge } from "../../config/merge";
import { pulumiEnvironment } from "../pulumi-environment";
import type { Bench, Command } from "./contender";
import { BENCH_STACK } from "./fleet";

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of a project's state, in that of the project. */
const STATE = "state";

/** A Pulumi project in a folder that holds its program, with a stack and a state of its own. */
export class PulumiProject {
  private constructor(
    private readonly bench: Bench,
    private readonly directory: string,
    private readonly name: string,
    private readonly env: Environment,
  ) {}

  /** @param env Merged over the environment of `npm run env`; undefined removes a variable. */
  static async create(
    bench: Bench,
    directory: string,
    name: string,
    env: Environment,
  ): Promise<PulumiProject> {
    const project = new PulumiProject(bench, directory, name, environment(bench, directory, env));
    await project.run("stack", "init", BENCH_STACK);
    return project;
  }

  /** The same stack in another folder, which may have another program, with a copy of its settings and of its state. */
  async copyTo(directory: string): Promise<PulumiProject> {
    for (const name of [STATE, `Pulumi.${BENCH_STACK}.yaml`])
      await cp(join(this.directory, name), join(directory, name), { recursive: true });
    return new PulumiProject(this.bench, directory, this.name, environment(this.bench, directory, {}));
  }

  /** Encrypts a value at a path of the stack's settings. */
  async setSecret(path: string, value: string): Promise<void> {
    await this.run("config", "set", "--stack", BENCH_STACK, "--secret", "--path", path, value);
  }

  /** Merges values into the stack's settings; a secret that `setSecret` encrypted inside one of them stays. */
  configure(values: Readonly<Record<string, unknown>>): void {
    const file = SettingsFile.read(join(this.directory, `Pulumi.${BENCH_STACK}.yaml`));
    for (const [name, value] of Object.entries(values)) {
      const key = `${this.name}:${name}`;
      file.set([key], merge(file.get([key]), value));
    }
    file.write();
  }

  /** A `pulumi` command to measure. */
  command(...args: readonly string[]): Command {
    const options = ["--stack", BENCH_STACK, "--non-interactive"];
    return { file: "pulumi", args: [...args, ...options], cwd: this.directory, env: this.env };
  }

  private async run(...args: readonly string[]): Promise<void> {
    const env = this.env;
    await execa("pulumi", [...args, "--non-interactive"], { cwd: this.directory, env, stdin: "ignore" });
  }
}

/** The environment of `npm run env`, for a project of its own. */
function environment(bench: Bench, directory: string, env: Environment): Environment {
  const cluster = { kubeconfig: bench.kubeconfig, ingressUrl: undefined };
  const place = pulumiEnvironment({ directory: join(directory, STATE), cluster, tools: bench.tools });
  // ts-node caches compiled files here: each session starts without them, as on a new machine, and then reuses them.
  const temporary = join(directory, "tmp");
  mkdirSync(temporary);
  return { ...place, TMPDIR: temporary, ...env };
}
