import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { type Answer, readAnswer, requestTargeted, TARGETED_BY } from "../config/targeted";
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
    Object.assign(Object.create(stack) as Stack, some).up({ ...options, target: [...targets] });
}

/** What a run of Pulumi for some models only made of it. */
export type Outcome<T> =
  | { readonly value: T; readonly outputs: NonNullable<Answer["outputs"]> }
  /** Why it must be one for the whole fleet: the second half of a sentence. Nothing was changed. */
  | { readonly refused: string };

/**
 * Runs a preview or an update of some models only, if the program agrees that this is enough.
 *
 * @param run Runs Pulumi with these targets.
 * @throws the error of `run`, unless the program has refused
 */
export async function targeted<T>(
  { workspace, shortName }: OpenStack,
  ids: readonly string[],
  run: (targets: readonly string[]) => Promise<T>,
): Promise<Outcome<T>> {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-"));
  const request = join(folder, "request.json");
  requestTargeted(request, ids);
  workspace.envVars[TARGETED_BY] = request;
  try {
    const { name: project } = await workspace.projectSettings();
    const value = await run(targetsOf(project, shortName, ids));
    return { value, outputs: readAnswer(request).outputs ?? {} };
  } catch (error) {
    const { refused } = readAnswer(request);
    if (refused === undefined) throw error;
    return { refused };
  } finally {
    // An empty value is none to the program.
    workspace.envVars[TARGETED_BY] = "";
    rmSync(folder, { recursive: true });
  }
}
