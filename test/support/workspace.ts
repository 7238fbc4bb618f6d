import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { execa, type Options } from "execa";
import { SettingsFile } from "../../cli/settings-file";
import { linkProgram } from "../../dev/places";
import { pulumiEnvironment } from "../../dev/pulumi-environment";
import { ensureTools, PULUMI_TOOLS } from "../../dev/toolchain/ensure";
import { KINDS } from "../../fleet/objects";
import { ownerLabels, selectorOf } from "../../fleet/owner";
import { ROOT } from "../../lib/paths";

/** Groups of kinds that the tests' clusters do not have from the start: kubectl refuses to list them. */
const OF_OPERATORS = /^(monitoring\.coreos\.com|keda\.sh)\//;

/** Every kind that a fleet makes in any cluster, as kubectl takes them. */
export const ALL_KINDS = Object.values(KINDS)
  .filter(({ apiVersion }) => !OF_OPERATORS.test(apiVersion))
  .map(({ apiVersion, plural }) => {
    const [group = "", version] = apiVersion.split("/");
    return version === undefined ? plural : `${plural}.${version}.${group}`;
  })
  .join(",");

/** What a command printed, and how it ended. */
export interface Outcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Standard output and standard error, in the order in which they came. */
  readonly text: string;
}

/** The place of a test's fleet. */
export interface WorkspaceOptions {
  /** Names the stack, and with it the owner of its objects. */
  readonly stack: string;
  readonly cluster: { readonly kubeconfig: string; readonly ingressUrl: string | undefined };
  /**
   * Config keys, `modelfleet:` left out, with the values of the stack's file. By default, paths begin with the stack's
   * name, and the class is `nginx`, which needs no Middleware.
   */
  readonly config: Readonly<Record<string, unknown>>;
  /** Merged over the environment of `npm run env`. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The program of this checkout with a stack and a state of its own, driven by the real `pulumi` as a user types it.
 * It does not use the checkout's own settings files.
 */
export class Workspace {
  private constructor(
    readonly directory: string,
    readonly stack: string,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async create({ stack, cluster, config, env = {} }: WorkspaceOptions): Promise<Workspace> {
    const directory = mkdtempSync(join(tmpdir(), `modelfleet-${stack}-`));
    linkProgram(directory);
    const tools = await ensureTools(PULUMI_TOOLS);
    const place = pulumiEnvironment({ directory: join(directory, "state"), cluster, tools });
    // Tests delete most of their small fleets at once.
    const guards = { MODELFLEET_MAX_DELETIONS: "1000" };
    const workspace = new Workspace(directory, stack, { ...place, ...guards, ...env });
    await workspace.must("stack", "init", stack);
    // Fleets of different tests share a cluster, and no two may route the same path.
    const ingress = { className: "nginx" };
    workspace.configure({ routing: { pathPrefix: `/${stack}` }, ingress, ...config });
    return workspace;
  }

  /** The same workspace with some variables of its environment changed. */
  with(env: Readonly<Record<string, string>>): Workspace {
    return new Workspace(this.directory, this.stack, { ...this.env, ...env });
  }

  /** The stack's settings file. */
  get settingsFile(): string {
    return join(this.directory, `Pulumi.${this.stack}.yaml`);
  }

  /** Replaces the given config keys in the stack's file, as an editor would; undefined removes one. */
  configure(config: Readonly<Record<string, unknown>>): void {
    const file = SettingsFile.read(this.settingsFile);
    for (const [name, value] of Object.entries(config)) {
      const key = name.includes(":") ? name : `modelfleet:${name}`;
      if (value === undefined) file.remove([key]);
      else file.set([key], value);
    }
    file.write();
  }

  /** Runs `pulumi` and returns its result, also if it fails. */
  pulumi(...args: readonly string[]): Promise<Outcome> {
    return this.run("pulumi", [...args, "--non-interactive"]);
  }

  /** Runs `pulumi` and throws an error with its whole output if it fails. */
  async must(...args: readonly string[]): Promise<string> {
    return (await this.succeed("pulumi", [...args, "--non-interactive"])).text;
  }

  /** Runs `pulumi up`, which must succeed, and returns its output. */
  up(...args: readonly string[]): Promise<string> {
    return this.must("up", "--yes", "--skip-preview", ...args);
  }

  async output<T>(name: string): Promise<T> {
    const args = ["stack", "output", name, "--json", "--non-interactive"];
    return JSON.parse((await this.succeed("pulumi", args)).stdout) as T;
  }

  /** The state as on disk, secrets encrypted. */
  state(): string {
    return gunzipSync(readFileSync(this.stateFile)).toString();
  }

  /** Replaces the state on disk, as if the last update had been another one. */
  writeState(text: string): void {
    writeFileSync(this.stateFile, gzipSync(text));
  }

  private get stateFile(): string {
    return join(this.stateFolder, `${this.stack}.json.gz`);
  }

  /** The folder of the file of the state. */
  get stateFolder(): string {
    return join(this.directory, "state", ".pulumi", "stacks", "modelfleet");
  }

  /** The locks of updates, as files of the state. */
  locks(): string[] {
    const folder = join(this.directory, "state", ".pulumi", "locks");
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".json"),
    );
  }

  /** Runs `kubectl`, returns its standard output, and throws if it fails. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return (await this.succeed("kubectl", args)).stdout;
  }

  /** Names of the stack's objects in the cluster, as `kind/name`, sorted: orphans included, but not those being deleted. */
  async objects(): Promise<string[]> {
    const columns = `custom-columns=:kind,:metadata.name,:metadata.deletionTimestamp`;
    const args = [
      "get",
      ALL_KINDS,
      "-A",
      "-l",
      selectorOf(ownerLabels(this.stack)),
      "-o",
      columns,
      "--no-headers",
    ];
    return (await this.kubectl(...args))
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([kind, name, deleted]) =>
        kind && name && deleted === "<none>" ? [`${kind.toLowerCase()}/${name}`] : [],
      )
      .sort();
  }

  /** Runs a shell line without a terminal, so that no command can ask a question. */
  shell(line: string): Promise<Outcome> {
    return this.run("bash", ["-euc", line]);
  }

  /** Runs `modelfleet` as `npx modelfleet` does. @param input Its standard input. @default none */
  async modelfleet(args: readonly string[], input = ""): Promise<Outcome> {
    const command = [join(ROOT, "cli", "run.mjs"), ...args];
    const { exitCode, stdout, all } = await execa(process.execPath, command, {
      ...{ cwd: this.directory, env: this.env, input, reject: false, all: true },
    });
    return { exitCode, stdout, text: all };
  }

  /** Starts `pulumi`, for a test that kills it. */
  start(...args: readonly string[]) {
    return execa("pulumi", [...args, "--non-interactive"], this.options());
  }

  /** Starts `modelfleet`, for a test that kills it. */
  startModelfleet(...args: readonly string[]) {
    return execa(process.execPath, [join(ROOT, "cli", "run.mjs"), ...args], this.options());
  }

  /** Makes room for other tests. Kubernetes deletes the objects in the namespace in the background. */
  async remove(namespace = "models"): Promise<void> {
    await this.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async succeed(command: string, args: readonly string[]): Promise<Outcome> {
    const outcome = await this.run(command, args);
    if (outcome.exitCode === 0) return outcome;
    throw new Error(`${command} ${args.join(" ")} ended with ${outcome.exitCode}:\n${outcome.text}`);
  }

  private async run(command: string, args: readonly string[]): Promise<Outcome> {
    const { exitCode, stdout, all } = await execa(command, args, this.options());
    return { exitCode, stdout, text: all };
  }

  private options() {
    mkdirSync(this.directory, { recursive: true });
    return {
      cwd: this.directory,
      env: this.env,
      all: true,
      reject: false,
      stdin: "ignore",
    } as const satisfies Options;
  }
}

/** How many resources `pulumi` reports as created, updated, replaced and deleted; empty if nothing changed. */
export function changes(text: string): Record<string, number> {
  const lines = text
    .slice(text.lastIndexOf("Resources:"))
    .matchAll(/^ +(?:\+-|\+|~|-) ?(\d+) (?:to )?(\w+)/gm);
  return Object.fromEntries([...lines].map(([, count, what = ""]) => [what, Number(count)]));
}
