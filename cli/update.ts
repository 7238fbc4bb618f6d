import type { EngineEvent, OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { ClusterChoice } from "../kubernetes/api";
import { ROOT } from "../lib/paths";
import { say, step } from "../lib/progress";
import { UserError } from "../lib/user-error";
import { clusterOf } from "./cluster-of";
import { after, lockedText } from "./locked";
import { releaseDeadLocks, runningUpdates, untilUpdated } from "./state-locks";
import { upOf } from "./targeted";

/** The stack to update, and its environment. */
export interface UpdateOptions {
  readonly stack: string;
  /** The environment of `pulumi`, merged over this process's own. Its PULUMI_HOME has `pulumi` itself. */
  readonly environment: Record<string, string>;
  /** The folder of the state. */
  readonly state: string;
  /**
   * A shell line to type before the commands that messages suggest, so that `pulumi` and `kubectl` work on the stack.
   * @default none: they do in the user's shell
   */
  readonly shellSetup?: string;
}

/** What an update did. */
export interface UpdateResult {
  /** The stack's outputs, secrets decrypted. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** How many objects were created, updated or deleted. */
  readonly changes: number;
  /** The cluster that was updated. */
  readonly cluster: ClusterChoice;
}

/**
 * Creates a stack if it does not exist, updates it to its settings, and prints every change. Waits while another process
 * of this machine updates the stack.
 *
 * Refreshes first, since the state may be older than the cluster: a new cluster lacks what the state says it has.
 *
 * @throws UserError with the errors that Pulumi reports, or when another machine updates the stack
 */
export async function update(options: UpdateOptions): Promise<UpdateResult> {
  return step(`Deploying stack ${options.stack}`, async (detail) => {
    const stack = await createdStack(options);
    const again = (up: () => Promise<UpdateResult>) => afterOthers(options, detail, up);
    return updateStack(stack, { ...options, refresh: true, detail, again });
  });
}

/** An update that failed before it changed anything. */
export class NothingChanged extends UserError {}

/** How a stack is updated. */
export interface UpdateStackOptions extends Pick<UpdateOptions, "stack" | "environment" | "shellSetup"> {
  readonly refresh: boolean;
  /** URNs of the only resources to change. Then the outputs are not read. @default all */
  readonly targets?: readonly string[];
  /** Called with each event about a resource. @default nothing is called */
  readonly seen?: (event: EngineEvent) => void;
  /** Sets the detail of the progress. */
  readonly detail: (text: string) => void;
  /** Runs the update, perhaps several times. @default once */
  readonly again?: (up: () => Promise<UpdateResult>) => Promise<UpdateResult>;
}

/**
 * Updates a stack to its settings, and prints every change.
 *
 * @throws UserError with the errors that Pulumi reports: {@link NothingChanged} if it had not begun to change anything
 */
export async function updateStack(stack: Stack, options: UpdateStackOptions): Promise<UpdateResult> {
  const { refresh, detail, targets = [], seen, again = (up) => up() } = options;
  const errors: UpdateError[] = [];
  let changes = 0;
  let hasBegun = false;
  const onEvent = (event: EngineEvent) => {
    // Pulumi's debug messages may hold secrets in plain text; only what is used is kept.
    if (event.resourcePreEvent ?? event.resOutputsEvent) seen?.(event);
    const change = changeOf(event);
    hasBegun ||= change !== undefined;
    if (change?.done) changes++;
    if (change?.done) say(`  ${change.text}`);
    else if (change) detail(change.text);
    const error = updateErrorOf(event);
    if (error) errors.push(error);
  };
  try {
    const cluster = clusterOf(await stack.getAllConfig(), options.environment);
    return await again(async () => {
      const { outputs } = await upOf(stack, targets)({ refresh, color: "never", onEvent });
      return { outputs: plain(outputs), changes, cluster };
    });
  } catch (error) {
    const explained = await explain(error, errors, options);
    throw hasBegun || !(explained instanceof UserError) ? explained : new NothingChanged(explained.message);
  }
}

/** What an update would return that changes nothing. */
export async function lastResult(
  stack: Stack,
  environment: UpdateOptions["environment"],
): Promise<Omit<UpdateResult, "changes">> {
  const [outputs, config] = await Promise.all([stack.outputs(), stack.getAllConfig()]);
  return { outputs: plain(outputs), cluster: clusterOf(config, environment) };
}

/** Runs an update once no other process of this machine updates the stack. */
async function afterOthers<T>(
  { state, stack }: UpdateOptions,
  detail: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { ConcurrentUpdateError } = await import("@pulumi/pulumi/automation/index.js");
  const waiting = (text: string) => {
    say(`  ${text}`);
    detail(text);
  };
  for (;;) {
    await untilUpdated(state, waiting, stack);
    releaseDeadLocks(state);
    try {
      return await work();
    } catch (error) {
      // The other update may have begun since it was looked for.
      const isOther = error instanceof ConcurrentUpdateError && runningUpdates(state, stack).length > 0;
      if (!isOther) throw error;
    }
  }
}

async function createdStack({ stack, environment }: UpdateOptions): Promise<Stack> {
  // Only now, since it takes a second to load.
  const { LocalWorkspace, PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  const pulumiCommand = await PulumiCommand.get({ root: environment["PULUMI_HOME"] ?? "" });
  const options = { envVars: environment, pulumiCommand };
  return LocalWorkspace.createOrSelectStack({ stackName: stack, workDir: ROOT }, options);
}

const DONE: Readonly<Record<string, string>> = { create: "created", update: "updated", delete: "deleted" };
const DOING: Readonly<Record<string, string>> = {
  create: "creating",
  update: "updating",
  delete: "deleting",
};

/** The change that an event reports: `creating Deployment iris` when it begins, `created Deployment iris` when it is done. */
export function changeOf(event: EngineEvent): { readonly done: boolean; readonly text: string } | undefined {
  const { metadata } = event.resOutputsEvent ?? event.resourcePreEvent ?? {};
  if (!metadata?.type.startsWith("kubernetes:")) return undefined;
  const done = event.resOutputsEvent !== undefined;
  const verb = (done ? DONE : DOING)[metadata.op.replace("-replacement", "").replace("-replaced", "")];
  return verb === undefined ? undefined : { done, text: `${verb} ${titleOf(metadata)}` };
}

/** An error that Pulumi reports. */
export interface UpdateError {
  readonly text: string;
  /** The object that failed, such as `Deployment iris`. @default none: the update as a whole failed */
  readonly object?: string;
  /** The model whose pods do not become ready. @default none: something else failed */
  readonly model?: string;
}

/** The error that an event reports. */
export function updateErrorOf(event: EngineEvent): UpdateError | undefined {
  const text = messageOf(event, "error");
  const { urn } = event.diagnosticEvent ?? {};
  if (text === undefined || /^(update|preview) failed$/.test(text)) return undefined;
  const type = urn?.split("::")[2]?.split("$").at(-1);
  if (!urn || !type?.startsWith("kubernetes:")) return { text };
  const model = /:ModelService\$kubernetes:apps\/v1:Deployment::([^/]+)/.exec(urn)?.[1];
  return { text, object: titleOf({ type, urn }), ...(model !== undefined && { model }) };
}

/** The message of this severity that an event reports, without the marks of colours. */
export function messageOf(
  { diagnosticEvent }: EngineEvent,
  severity: "warning" | "error",
): string | undefined {
  const text = diagnosticEvent?.message?.replaceAll(/<\{%.*?%\}>/g, "").trim();
  return diagnosticEvent?.severity === severity && text ? text : undefined;
}

/** Errors as a list; an error of many objects is listed once, with their names. */
export function listOf(errors: readonly UpdateError[]): string {
  const objects = new Map<string, Set<string>>();
  for (const { text, object } of errors) {
    const known = objects.get(text) ?? new Set();
    objects.set(text, object === undefined ? known : known.add(object));
  }
  return [...objects]
    .map(([text, failed]) => (failed.size === 0 ? `- ${text}` : `- ${[...failed].join(", ")}: ${text}`))
    .join("\n");
}

/** Where to look and what to do about models that do not become ready; empty when all do. */
export function adviceOn(errors: readonly UpdateError[], shellSetup?: string): string {
  const models = [...new Set(errors.flatMap(({ model }) => model ?? []))].sort();
  if (models.length === 0) return "";
  const selector = `'app.kubernetes.io/name in (${models.join(",")})'`;
  return (
    `\nMore: ${after(shellSetup)}kubectl describe pods --all-namespaces --selector ${selector}` +
    `\nFix the model's settings or remove it from the list, and run the same command again.`
  );
}

/** A resource as people read it: `Deployment iris`. */
export function titleOf({ type = "", urn = "" }: { readonly type?: string; readonly urn?: string }): string {
  return `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`;
}

function plain(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
}

async function explain(
  error: unknown,
  errors: readonly UpdateError[],
  { stack, shellSetup }: Pick<UpdateOptions, "stack" | "shellSetup">,
): Promise<unknown> {
  const { CommandError, ConcurrentUpdateError } = await import("@pulumi/pulumi/automation/index.js");
  if (error instanceof ConcurrentUpdateError)
    return new UserError(
      lockedText(error.message, { stack, ...(shellSetup !== undefined && { shellSetup }) }),
    );
  if (!(error instanceof CommandError)) return error;
  const list = errors.length > 0 ? listOf(errors) : error.message;
  return new UserError(`Pulumi could not bring everything up:\n${list}${adviceOn(errors, shellSetup)}`);
}
