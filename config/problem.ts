import { UserError } from "../lib/user-error";

/** A mistake in the settings, as one line: its path, the value, the rule and the fix. */
export type Problem = string;

/**
 * @param value The value; undefined if there is none, or if it is a secret.
 * @param fix What to do; "" if the rule says it already.
 */
export function problem(path: string, value: unknown, rule: string, fix: string): Problem {
  const shown = value === undefined ? "" : `${abridged(JSON.stringify(value))} `;
  return `${path}: ${shown}${rule}${fix && `; ${fix}`}`;
}

/** The path of a setting, as messages show it: `catalog.iris.args[0]`. @param at The path that it goes on. */
export function pathText(path: readonly PropertyKey[], at = ""): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const plain = /^[A-Za-z0-9_-]+$/.test(String(key));
    if (!plain) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, at);
}

/** The setting of a model that has one of its paths, as messages show it. @param index Its place in `modelPaths`. */
export function keyOfPath(id: string, index: number): string {
  return `catalog.${id}.${index === 0 ? "path" : `aliases[${index - 1}]`}`;
}

/** All problems as one report. @param where What has them. */
export function reportOf(problems: readonly Problem[], where = "the stack's settings"): UserError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((line) => `  ${line}`).join("\n");
  return new UserError(`${count} in ${where}; nothing was changed:\n${lines}`);
}

function abridged(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 100)}… (${text.length} characters)`;
}
