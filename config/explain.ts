import { z } from "zod";
import { nearest } from "../lib/nearest";
import { MOVED_KEYS } from "./fleet-schema";
import { isMap } from "./merge";
import { mayHoldSecret } from "./plain-text";
import { pathText, problem, type Problem } from "./problem";
import { isSecretKey } from "./secrecy";

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * Checks a value. Each problem is one line: path, value, rule, fix.
 *
 * @param at Path of the value, such as `catalog.iris`; "" for the settings as a whole.
 */
export function check<T>(
  schema: z.ZodType<T>,
  value: unknown,
  at: string,
): { readonly data?: T; readonly problems: readonly Problem[] } {
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data, problems: [] };
  const shape = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const { issues } = result.error;
  // A rule about the whole of a map says nothing while one of its keys is not known.
  const isUnknown = (path: readonly PropertyKey[]) =>
    issues.some((one) => one.code === "unrecognized_keys" && pathText(one.path) === pathText(path));
  const told = issues.filter(({ code, path }) => code !== "custom" || !isUnknown(path));
  return { problems: told.flatMap((issue) => explain(issue, value, shape, at)) };
}

function explain(issue: Issue, root: unknown, shape: JsonSchema, at: string): Problem[] {
  const path = pathText(issue.path, at);
  const value = valueAt(root, issue.path);
  const shown = isSecretPath(path) || mayHoldSecret(issue.path, value) ? undefined : value;
  const say = (rule: string, fix: string): Problem[] => [problem(path, shown, rule, fix)];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = knownKeys(shape, issue.path);
      // No key is suggested that is there, or for two keys.
      const taken = new Set(Object.keys(isMap(value) ? value : {}));
      return issue.keys.map((key) => unknownKey(pathText([key], path), key, known, taken));
    }
    case "invalid_key":
      return issue.issues.flatMap((inner) => {
        const { rule, fix } = ruleAndFix(inner.message);
        return problem(path, undefined, `the name ${JSON.stringify(issue.path.at(-1))} ${rule}`, fix);
      });
    case "invalid_type":
      return value === undefined
        ? say("is missing", `give ${article(issue.expected)}`)
        : say(`must be ${article(issue.expected)}`, "");
    case "invalid_union": {
      // What is wrong with a value of a kind that is possible says more than that it is none of the other kinds.
      const within = issue.errors.find((errors) => errors.every(isWithin));
      if (within === undefined) return say(unionRule(issue), "");
      const whole = within.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
      return whole.flatMap((inner) => explain(inner, root, shape, at));
    }
    case "invalid_value":
      return say(`must be one of ${issue.values.join(", ")}`, "");
    case "too_small":
      return say(`must be at least ${issue.minimum}`, "");
    case "too_big":
      return say(`must be at most ${issue.maximum}`, "");
    default: {
      const { rule, fix } = ruleAndFix(issue.message);
      return say(rule, fix.replace("'<path>'", `'${path}'`));
    }
  }
}

/** An unknown key. If the key has moved, the fix is its new place. */
function unknownKey(path: string, key: string, known: readonly string[], taken: Set<string>): Problem {
  const moved = MOVED_KEYS[path.replace(/^(defaults|catalog\.[^.]+(\.variants\.[^.]+)?)\./, "<model>.")];
  if (moved !== undefined) return problem(path, undefined, "unknown key", `it has moved to ${moved}`);
  const near = nearest(
    key,
    known.filter((one) => !taken.has(one)),
  );
  if (near !== undefined) taken.add(near);
  const fix = near ? `did you mean "${near}"?` : `known here: ${known.join(", ")}`;
  return problem(path, undefined, "unknown key", fix);
}

/** A message of the schema: the rule and, after a semicolon, the fix if the rule does not say it already. */
function ruleAndFix(message: string): { rule: string; fix: string } {
  const [rule = "", ...fix] = message.split("; ");
  return { rule, fix: fix.join("; ") };
}

/** Whether an issue is about a part of a value, and not its type. */
function isWithin({ code, path }: Issue): boolean {
  return path.length > 0 || (code !== "invalid_type" && code !== "invalid_union");
}

function unionRule(issue: UnionIssue): string {
  const kinds = kindsIn(issue);
  return kinds.includes(undefined) ? issue.message : `must be ${kinds.join(" or ")}`;
}

type UnionIssue = Issue & { readonly code: "invalid_union" };

/** The types of the values that a union allows; undefined for what is no matter of a type. */
function kindsIn({ errors }: UnionIssue): (string | undefined)[] {
  return errors.flat().flatMap((inner) => {
    if (inner.code === "invalid_union") return kindsIn(inner);
    return [inner.code === "invalid_type" ? article(inner.expected) : undefined];
  });
}

/** Zod's word for a type, with its article. */
function article(type: string): string {
  const words: Record<string, string> = {
    string: "a string",
    number: "a number",
    int: "an integer",
    boolean: "a boolean",
    array: "a list",
    object: "a map",
    record: "a map",
  };
  return words[type] ?? type;
}

/** The whole key is secret: if it is not a map, the string may contain the password. */
function isSecretPath(path: string): boolean {
  return isSecretKey(/^[^.[]*/.exec(path)?.[0] ?? "");
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isMap(value) ? value[String(key)] : undefined;
  }, root);
}

function knownKeys(shape: JsonSchema, path: readonly PropertyKey[]): string[] {
  let here: JsonSchema | undefined = shape;
  for (const key of path) {
    const next: unknown = here?.properties?.[String(key)] ?? here?.additionalProperties ?? here?.items;
    const one: JsonSchema | undefined = isMap(next) ? next : undefined;
    here = one?.anyOf?.find(({ properties }) => properties !== undefined) ?? one;
  }
  return Object.keys(here?.properties ?? {}).sort();
}
