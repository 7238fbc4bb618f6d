import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  CommandError,
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation";
import type { ClusterChoice } from "../kubernetes/api";
import { ROOT } from "../lib/paths";
import { say, step } from "../lib/progress";
import { UserError } from "../lib/user-error";

/** What one update did. */
export interface Deployment {
  /** The stack's outputs, in plain values. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** How many objects were created, updated or deleted. */
  readonly changes: number;
  /** The cluster that it was done on. */
  readonly cluster: ClusterChoice;
}

/**
 * Brings a stack to what its config says, saying every change.
 *
 * It refreshes first: the state outlives the cluster, and what a new cluster does not have must be created again.
 *
 * @param environment From `pulumiEnvironment`.
 * @param state The folder of the state.
 * @throws UserError with what Pulumi reports, when any object failed or another update is going on.
 */
export async function deploy(
  stackName: string,
  environment: Record<string, string>,
  state: string,
): Promise<Deployment> {
  releaseDeadLocks(state);
  const problems: Problem[] = [];
  let changes = 0;
  return step(`Deploying stack ${stackName}`, async (detail) => {
    const pulumiCommand = await PulumiCommand.get({ root: environment["PULUMI_HOME"] ?? "" });
    const options = { envVars: environment, pulumiCommand };
    const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir: ROOT }, options);
    const onEvent = (event: EngineEvent) => {
      const change = changeOf(event);
      if (change?.done) changes++;
      if (change?.done) say(`  ${change.text}`);
      else if (change) detail(change.text);
      const problem = problemOf(event);
      if (problem) problems.push(problem);
    };
    try {
      const cluster = await clusterOf(stack, environment);
      const { outputs } = await stack.up({ refresh: true, color: "never", onEvent });
      return { outputs: plain(outputs), changes, cluster };
    } catch (error) {
      throw explain(error, problems, stackName);
    }
  });
}

const DONE: Readonly<Record<string, string>> = { create: "created", update: "updated", delete: "deleted" };
const DOING: Readonly<Record<string, string>> = {
  create: "creating",
  update: "updating",
  delete: "deleting",
};

/** The change that an event tells of: `creating Deployment iris` when it begins, `created ...` at its end. */
export function changeOf(event: EngineEvent): { readonly done: boolean; readonly text: string } | undefined {
  const { metadata } = event.resOutputsEvent ?? event.resourcePreEvent ?? {};
  if (!metadata?.type.startsWith("kubernetes:")) return undefined;
  const done = event.resOutputsEvent !== undefined;
  const verb = (done ? DONE : DOING)[metadata.op.replace("-replacement", "").replace("-replaced", "")];
  return verb === undefined ? undefined : { done, text: `${verb} ${objectOf(metadata.type, metadata.urn)}` };
}

/** An error that Pulumi reports. */
export interface Problem {
  readonly text: string;
  /** The object that it is about, such as `Deployment iris`. @default none: it is about the update as a whole */
  readonly object?: string;
  /** The model whose pods do not become ready. @default none: it is about something else */
  readonly model?: string;
}

/** The error that an event tells of. */
export function problemOf(event: EngineEvent): Problem | undefined {
  const { severity, message = "", urn } = event.diagnosticEvent ?? {};
  const text = message.replaceAll(/<\{%.*?%\}>/g, "").trim();
  if (severity !== "error" || text === "" || text === "update failed") return undefined;
  const type = urn?.split("::")[2]?.split("$").at(-1);
  if (!urn || !type?.startsWith("kubernetes:")) return { text };
  const model = /:ModelService\$kubernetes:apps\/v1:Deployment::(.+)$/.exec(urn)?.[1];
  return { text, object: objectOf(type, urn), ...(model !== undefined && { model }) };
}

/** Problems as a list; what is wrong with many objects is said once. */
export function listOf(problems: readonly Problem[]): string {
  const objects = new Map<string, Set<string>>();
  for (const { text, object } of problems) {
    const known = objects.get(text) ?? new Set();
    objects.set(text, object === undefined ? known : known.add(object));
  }
  return [...objects]
    .map(([text, about]) => (about.size === 0 ? `- ${text}` : `- ${[...about].join(", ")}: ${text}`))
    .join("\n");
}

/** Where to look and what to do about models that do not become ready; empty when there is none. */
export function adviceOn(problems: readonly Problem[]): string {
  const models = [...new Set(problems.flatMap(({ model }) => model ?? []))].sort();
  if (models.length === 0) return "";
  const selector = `'app.kubernetes.io/name in (${models.join(",")})'`;
  return (
    `\nMore: eval "$(npm run --silent env)" && kubectl describe pods --all-namespaces --selector ${selector}` +
    `\nMend the model's settings or take it off the list, and run the same command again.`
  );
}

function objectOf(type: string, urn: string): string {
  return `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`;
}

/** The local cluster, else the one that the stack's settings name, else the one of kubectl's defaults. */
async function clusterOf(
  stack: Stack,
  environment: Readonly<Record<string, string>>,
): Promise<ClusterChoice> {
  const local = environment["KUBECONFIG"];
  if (local !== undefined) return { kubeconfig: local, context: undefined };
  const config = await stack.getAllConfig();
  return {
    kubeconfig: config["kubernetes:kubeconfig"]?.value,
    context: config["kubernetes:context"]?.value,
  };
}

function plain(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
}

function explain(error: unknown, problems: readonly Problem[], stack: string): unknown {
  if (error instanceof ConcurrentUpdateError) {
    const cancel = `eval "$(npm run --silent env)" && pulumi cancel --stack ${stack}`;
    return new UserError(`another update of stack ${stack} is going on; if none is: ${cancel}`);
  }
  if (!(error instanceof CommandError)) return error;
  const list = problems.length > 0 ? listOf(problems) : error.message;
  return new UserError(`Pulumi could not bring everything up:\n${list}${adviceOn(problems)}`);
}

/** An update that was killed leaves its lock in the state's folder; without its process, it locks out everybody. */
function releaseDeadLocks(state: string): void {
  const locks = join(state, ".pulumi", "locks");
  let files: string[];
  try {
    files = readdirSync(locks, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".json"),
    );
  } catch {
    return; // There is no state yet.
  }
  for (const file of files.map((name) => join(locks, name))) {
    const lock = readLock(file);
    if (lock?.hostname === hostname() && !isAlive(lock.pid)) rmSync(file, { force: true });
  }
}

/** Undefined where its update has ended meanwhile, or it is not whole: then Pulumi itself says what to do about it. */
function readLock(file: string): { readonly pid: number; readonly hostname: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { pid: number; hostname: string };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
