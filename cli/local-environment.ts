import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { readIfThere } from "../lib/read-if-there";
import { writeWhole } from "../lib/write-whole";

/** The fleet of `npm start`, for commands in a shell that knows nothing of it. */
export interface LocalEnvironment {
  readonly stack: string;
  /** Folder of `pulumi` and `kubectl`, to be put first on PATH. */
  readonly bin: string;
  readonly variables: Readonly<Record<string, string>>;
}

const fileIn = (project: string) => join(project, ".modelfleet", "environment.json");

/** Leaves the environment for {@link localEnvironment}; `undefined` removes it. */
export function leaveEnvironment(project: string, environment: LocalEnvironment | undefined): void {
  if (environment === undefined) rmSync(fileIn(project), { force: true });
  else writeWhole(fileIn(project), `${JSON.stringify(environment, undefined, 2)}\n`);
}

/**
 * The environment of the fleet of `npm start`, if it runs and nothing says that another one is meant: neither a variable
 * of the shell, nor the name of another stack.
 */
export function localEnvironment(
  project: string,
  stack: string | undefined,
  shell: NodeJS.ProcessEnv = process.env,
): (Pick<LocalEnvironment, "stack"> & { readonly variables: Record<string, string> }) | undefined {
  const says = ["PULUMI_BACKEND_URL", "KUBECONFIG", "PULUMI_STACK"].some((name) => shell[name] !== undefined);
  const text = says ? "" : readIfThere(fileIn(project));
  if (text === "") return undefined;
  const { stack: own, bin, variables } = JSON.parse(text) as LocalEnvironment;
  if (stack !== undefined && stack !== own) return undefined;
  return { stack: own, variables: { ...variables, PATH: [bin, shell["PATH"]].join(delimiter) } };
}
