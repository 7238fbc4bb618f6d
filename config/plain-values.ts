import { isMap } from "./merge";

/** The values in plain text of settings, and what the name of each means. Pure. */

/** A value in plain text. */
export interface Plain {
  /** Its path inside the settings of a model, or of the fleet. */
  readonly path: readonly (string | number)[];
  /** Its key, or the flag before it; undefined for an argument without a flag. */
  readonly name: string | undefined;
  readonly value: string;
  /** What its name means. @default the key of a setting, which says nothing about the value */
  readonly kind?: "variable" | "argument";
}

/** The settings that say what containers run, and with which variables. */
export const RUN = ["env", "command", "args", "initContainers", "sidecars", "podSpec"] as const;

/** All values of a model or a variant, as people write it. */
export function plainValues(settings: Readonly<Record<string, unknown>>): Plain[] {
  const { env, command, args, initContainers, sidecars, podSpec, ...others } = settings;
  return [
    ...leavesOf(others),
    ...variablesOf(env),
    ...argumentsOf({ command, args }, []),
    ...leavesOfPod({ initContainers, sidecars, podSpec }, []),
  ];
}

/** The strings, numbers and booleans in a value, each named by its key. */
export function leavesOf(value: unknown, path: readonly (string | number)[] = []): Plain[] {
  if (isMap(value)) return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  if (value === null || value === undefined) return [];
  return [{ path, name: path.findLast((key) => typeof key === "string"), value: String(value) }];
}

/** The variables of a container. What says where Kubernetes takes a value from is no value. */
function variablesOf(env: unknown): Plain[] {
  return Object.entries(isMap(env) ? env : {}).flatMap(([name, value]) =>
    leavesOf(value, ["env", name]).map((leaf): Plain => {
      if (leaf.path.length > 2) return { ...leaf, name: undefined };
      return { ...leaf, kind: "variable" };
    }),
  );
}

/** As {@link leavesOf}, of a pod in Kubernetes' own form, whose containers have lists of variables and arguments. */
function leavesOfPod(value: unknown, path: Plain["path"]): Plain[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOfPod(item, [...path, index]));
  if (!isMap(value)) return leavesOf(value, path);
  const { command, args, ...others } = value;
  const { name } = others;
  const leaves = Object.entries(others).flatMap(([key, item]) => leavesOfPod(item, [...path, key]));
  return [
    ...leaves.map((leaf): Plain => {
      const isOwn = leaf.path.length === path.length + 1 && leaf.path.at(-1) === "value";
      return isOwn && typeof name === "string" ? { ...leaf, name, kind: "variable" } : leaf;
    }),
    ...argumentsOf({ command, args }, path),
  ];
}

/** The words of a container's command line, with the flag that each belongs to: `--key=value`, or `--key` and `value`. */
function argumentsOf(
  line: { readonly command: unknown; readonly args: unknown },
  path: Plain["path"],
): Plain[] {
  const words = (["command", "args"] as const).flatMap((key) =>
    stringsOf(line[key]).flatMap((arg, index) =>
      wordsOf(arg).map((word) => ({ path: [...path, key, index], word })),
    ),
  );
  return words.map(({ path, word }, index): Plain => {
    const [, name, value] = /^(--?[A-Za-z][\w.-]*|[A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) return { path, name, value, kind: "argument" };
    const before = words[index - 1]?.word;
    const isValue = before !== undefined && /^--?[A-Za-z][\w.-]*$/.test(before) && !word.startsWith("-");
    return { path, name: isValue ? before : undefined, value: word, kind: "argument" };
  });
}

/** The words of a line for a shell, in which `$NAME` refers to a variable too. Any other argument is one word. */
function wordsOf(arg: string): string[] {
  if (arg.includes("-----BEGIN") || !/\S\s+\S/.test(arg)) return [arg];
  const line = arg.replaceAll(/["']/g, "").replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, "$($1$2)");
  return line.trim().split(/\s+/);
}

/** The items of a list as texts; those that are neither strings nor numbers are the schema's problem. */
export function stringsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map((item) => (isMap(item) ? "" : String(item))) : [];
}
