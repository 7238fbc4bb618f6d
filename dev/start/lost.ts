import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ENV_LINE } from "../env";

/** A stack of a folder of Pulumi's state, with the number of its objects in the local cluster. */
export interface StackObjects {
  /** `stack`, or `project/stack` for another project than this. */
  readonly stack: string;
  readonly objects: number;
}

interface Resource {
  readonly type: string;
  readonly inputs?: { readonly kubeconfig?: unknown; readonly context?: unknown };
}

const PROJECT = "modelfleet/";
/** How the name of a stack's file ends: that of a compressed one too. */
const STATE = /\.json(\.gz)?$/;

/**
 * The stacks that have objects in the local cluster as of their last updates, sorted. A stack whose settings name a
 * cluster is not among them.
 *
 * @param state The folder of Pulumi's state.
 */
export function stacksWithObjects(state: string): StackObjects[] {
  const folder = join(state, ".pulumi", "stacks");
  let files: string[];
  try {
    files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return []; // There is no state yet.
  }
  return files
    .filter((file) => STATE.test(file))
    .map((file) => ({
      stack: file.slice(file.startsWith(PROJECT) ? PROJECT.length : 0).replace(STATE, ""),
      objects: localObjects(resourcesOf(join(folder, file))),
    }))
    .filter(({ objects }) => objects > 0)
    .sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/**
 * What is lost when a new cluster starts, and how it comes back; no line if nothing is known to be lost.
 *
 * @param reason Why the new cluster replaces the former one. @default the former one was stopped
 * @param stack The stack that is deployed next.
 * @param stacks All stacks with objects in the former cluster.
 */
export function lossReport(
  reason: string | undefined,
  stack: string,
  stacks: readonly StackObjects[],
): string[] {
  const others = stacks.filter((one) => one.stack !== stack);
  const list = others.map((one) => `${one.stack} (${one.objects} objects)`).join(", ");
  return [
    ...(reason === undefined
      ? []
      : [
          `! A new, empty cluster replaces the local cluster (${reason}).`,
          `! All objects in it are lost. Stack ${stack} is deployed again.`,
        ]),
    ...(others.length === 0
      ? []
      : [
          `! The new cluster does not have the objects of other stacks: ${list}.`,
          `  To create them again: ${ENV_LINE} && pulumi up --refresh --stack <stack>`,
        ]),
  ];
}

function resourcesOf(file: string): readonly Resource[] {
  const bytes = readFileSync(file);
  const text = file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  const { checkpoint } = JSON.parse(text.toString()) as {
    checkpoint?: { latest?: { resources?: readonly Resource[] } };
  };
  return checkpoint?.latest?.resources ?? [];
}

function localObjects(resources: readonly Resource[]): number {
  const isElsewhere = resources.some(
    ({ type, inputs }) =>
      type === "pulumi:providers:kubernetes" && Boolean(inputs?.kubeconfig || inputs?.context),
  );
  return isElsewhere ? 0 : resources.filter(({ type }) => type.startsWith("kubernetes:")).length;
}
