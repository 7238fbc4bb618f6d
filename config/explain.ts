import { z } from "zod";
import { nearest } from "../lib/nearest";
import { isMap } from "./merge";
import { problem, type Problem } from "./problem";

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * Checks a value and says each thing that is wrong with it as one line: path, value, rule, fix.
 *
 * @param at where the value stands, such as `catalog.iris`; "" for the whole of the settings
 */
export function check<T>(
  schema: z.ZodType<T>,
  value: unknown,
  at: string,
): { readonly data?: T; readonly problems: readonly Problem[] } {
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data, problems: [] };
  const shape = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return { problems: result.error.issues.flatMap((issue) => explain(issue, value, shape, at)) };
}

function explain(issue: Issue, root: unknown, shape: JsonSchema, at: string): Problem[] {
  const path = pathText(at, issue.path);
  const secret = isSecretPath(path);
  const value = valueAt(root, issue.path);
  const shown = secret ? undefined : value;
  const say = (rule: string, fix: string): Problem[] => [problem(path, shown, rule, fix)];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = knownKeys(shape, issue.path);
      return issue.keys.map((key) => {
        const near = nearest(key, known);
        const fix = near ? `did you mean "${near}"?` : `known here: ${known.join(", ")}`;
        return problem(pathText(path, [key]), undefined, "unknown key", fix);
      });
    }
    case "invalid_key":
      return issue.issues.flatMap((inner) => {
        const { rule, fix } = ruleAndFix(inner.message);
        return problem(path, undefined, `the name ${JSON.stringify(issue.path.at(-1))} ${rule}`, fix);
      });
    case "invalid_type":
      if (value === undefined) return say("is missing", `give ${article(issue.expected)}`);
      return say(`is not ${article(issue.expected)}`, `give ${article(issue.expected)}`);
    case "invalid_union":
      return say(unionRule(issue), "");
    case "invalid_value":
      return say(`is not one of ${issue.values.join(", ")}`, "choose one of them");
    case "too_small":
      return say(`is less than ${issue.minimum}`, `give at least ${issue.minimum}`);
    case "too_big":
      return say(`is more than ${issue.maximum}`, `give at most ${issue.maximum}`);
    default: {
      const { rule, fix } = ruleAndFix(issue.message);
      return say(rule, fix);
    }
  }
}

/** A message of the schema's own: the rule, and after a semicolon the fix where there is more to say than the rule. */
function ruleAndFix(message: string): { rule: string; fix: string } {
  const [rule = "", ...fix] = message.split("; ");
  return { rule, fix: fix.join("; ") };
}

function unionRule(issue: Issue & { code: "invalid_union" }): string {
  const kinds = issue.errors.flatMap((errors) =>
    errors.map((inner) => (inner.code === "invalid_type" ? article(inner.expected) : undefined)),
  );
  return kinds.includes(undefined) ? issue.message : `is none of ${kinds.join(", ")}`;
}

/** Zod's word for a type, as a person would say it. */
function article(type: string): string {
  const words: Record<string, string> = {
    string: "a text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "a map",
    record: "a map",
  };
  return words[type] ?? type;
}

function isSecretPath(path: string): boolean {
  // All of the registry: where it is no map, its text holds the password.
  return /^(secrets|registry)(\.|\[|$)/.test(path);
}

function pathText(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const plain = /^[A-Za-z0-9_-]+$/.test(String(key));
    if (!plain) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, at);
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
    here = isMap(next) ? next : undefined;
  }
  return Object.keys(here?.properties ?? {}).sort();
}
