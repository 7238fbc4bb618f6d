import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack, UpdateSummary } from "@pulumi/pulumi/automation/index.js";
import { type Answer, readAnswer, type Refusal, requestTargeted, TARGETED_BY } from "../config/targeted";
import type { OpenStack } from "./stack";

/** The URNs that an update of some models changes, as Pulumi takes them: `*` stands for a part, `**` for several. */
export function targetsOf(project: string, stack: string, ids: readonly string[]): string[] {
  const own = `urn:pulumi:${stack}::${project}::`;
  const component = `${own}modelfleet:serving:`;
  const model = `${component}ModelService`;
  return [
    ...ids.flatMap((id) => [
      `${model}::${id}`,
      // Its objects are named after it, those of a variant `<id>/<variant>`, and further ones `<id>.version`.
      ...["", ".*", "/*"].map((rest) => `${model}$**::${id}${rest}`),
    ]),
    // What is made of the list of all models. Nothing else depends on these, so Pulumi deletes nothing with them.
    ...["ModelIngress", "DefaultBackend"].flatMap((name) => [
      `${component}${name}::*`,
      `${component}${name}$**`,
    ]),
    `${own}kubernetes:monitoring.coreos.com/v1:PodMonitor::*`,
  ];
}

/** The function that updates a stack, or some of its resources. */
export function upOf(stack: Stack, targets: readonly string[]): Stack["up"] {
  if (targets.length === 0) return (options) => stack.up(options);
  // What `up` would read then, from the whole state: the outputs twice, and the history.
  const some: Pick<Stack, "outputs" | "info"> = {
    outputs: () => Promise.resolve({}),
    info: () => Promise.resolve(undefined),
  };
  return (options) =>
    Object.assign(Object.create(stack) as Stack, some).up({
      ...options,
      message: MESSAGE,
      target: [...targets],
    });
}

/** What Pulumi's history says of an update by {@link upOf}. */
const MESSAGE = "npx modelfleet: the models that a verb changes";

/** Options by which an update leaves out what it registers. */
const PARTIAL = ["target", "target-replace", "exclude"].map((name) => `pulumi.flag.${name}`);

/**
 * Why an update must be one of the whole fleet, whatever the program says: its record is of what it has registered, and an
 * operation other than an update applies none of that, nor does an update with targets of the user's.
 *
 * @param last The last operation. @default there was none
 */
export function whyWholeAfter(
  last: Pick<UpdateSummary, "kind" | "result" | "message" | "environment"> | undefined,
): string | undefined {
  if (last === undefined) return "there was no update before";
  const { kind, result, message, environment } = last;
  if (kind !== "update") return `the last operation was a ${kind}`;
  if (result !== "succeeded") return "the last update failed";
  const option = PARTIAL.find((name) => environment[name] !== undefined);
  if (option === undefined || message === MESSAGE) return undefined;
  return `the last update was one with --${option.split(".").at(-1)}`;
}

/** What a run of Pulumi for some models only made of it. */
export type Outcome<T> = { readonly value: T; readonly outputs: NonNullable<Answer["outputs"]> } | Refusal;

/**
 * Runs a preview or an update of some models only, if the program agrees that this is enough.
 *
 * @param run Runs Pulumi with these targets.
 * @throws the error of `run`, unless the program has refused
 */
export async function targeted<T>(
  { stack, workspace, shortName }: OpenStack,
  ids: readonly string[],
  run: (targets: readonly string[]) => Promise<T>,
): Promise<Outcome<T>> {
  const [last] = await stack.history(1, 1, false);
  const why = whyWholeAfter(last);
  if (why !== undefined) return { refused: why };
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-"));
  const request = join(folder, "request.json");
  requestTargeted(request, ids);
  workspace.envVars[TARGETED_BY] = request;
  try {
    const { name: project } = await workspace.projectSettings();
    const value = await run(targetsOf(project, shortName, ids));
    return { value, outputs: readAnswer(request).outputs ?? {} };
  } catch (error) {
    const { refused, outputs, ...rest } = readAnswer(request);
    void outputs;
    if (refused === undefined) throw error;
    return { refused, ...rest };
  } finally {
    // An empty value is none to the program.
    workspace.envVars[TARGETED_BY] = "";
    rmSync(folder, { recursive: true });
  }
}
