import { referencesIn } from "../fleet/references";
import { nearest } from "../lib/nearest";
import { isMap } from "./merge";
import { problem, type Problem } from "./problem";

/**
 * Which values in plain text are secrets: those whose name ends in a word for one, and those whose text is one (a URL
 * with a password, a private key, a key of a well-known service). Names that are listed in `plain` are not.
 */

/** Endings of names of secrets. `MAX_TOKENS` and `PUBLIC_KEY` have none of them. */
const SECRET_NAME =
  /(TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIALS?|(^|_)PASS|_PWD|(API|ACCESS|PRIVATE|SECRET|AUTH)KEY|(?<!(^|_)PUBLIC)_KEY)$/i;

/** Values that no secret has: nothing, a boolean, a special token such as `</s>` or `[PAD]`, the path of a file. */
const NO_SECRET = /^(|true|false|<.*>|\[.*\]|\.{0,2}\/[\w.-]+(\/[\w.-]+)+)$/i;

/** The bounds keep the search linear in the length of a text. */
const URL_WITH_PASSWORD = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,300}:([^\s/@]{1,1000})@/i;
/** @see https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns */
const KNOWN_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(sk-[\w-]{16,}|gh[opusr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_[A-Za-z0-9]{20,}|A[KS]IA[0-9A-Z]{16}\b|xox[abprs]-[\w-]{10,}|AIza[\w-]{35}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.)/;

/** A value in plain text. */
interface Plain {
  /** Where it stands, below the model's settings: `env.API_TOKEN`, `args[1]`. */
  readonly at: readonly [key: "env" | "args" | "annotations", item: string | number];
  /** The name of the variable, or the flag; undefined for an argument without a flag. */
  readonly name: string | undefined;
  readonly value: string;
}

/**
 * The secrets in the plain text of `defaults` and of every catalog entry, active or not. Their values are never shown.
 *
 * @param defaults As people write them, and so is each entry of the catalog.
 */
export function secretsInPlainText(defaults: unknown, catalog: unknown): Problem[] {
  const entries = isMap(catalog) ? Object.entries(catalog) : [];
  const allowed = listIn(defaults, "plain");
  const everything = [defaults, ...entries.map(([, entry]) => entry)];
  return [
    ...found("defaults", defaults, allowed),
    ...withoutEffect("defaults", allowed, everything),
    ...entries.flatMap(([id, entry]) => {
      const own = listIn(entry, "plain");
      const place = `catalog.${id}`;
      return [...found(place, entry, [...allowed, ...own]), ...withoutEffect(place, own, [defaults, entry])];
    }),
  ];
}

function found(place: string, settings: unknown, allowed: readonly string[]): Problem[] {
  return plainValues(settings)
    .filter(({ name }) => name === undefined || !allowed.includes(name))
    .flatMap((plain) => {
      const rule = ruleOf(plain);
      const [key, item] = plain.at;
      return rule === undefined
        ? []
        : [problem(`${place}.${key}${pathOf(item)}`, undefined, rule, fixOf(place, plain))];
    });
}

/** The names in `plain` that no variable and no flag has. */
function withoutEffect(place: string, allowed: readonly string[], settings: readonly unknown[]): Problem[] {
  const names = settings.flatMap(plainValues).flatMap(({ name }) => name ?? []);
  return allowed.flatMap((name, index) => {
    if (names.includes(name)) return [];
    const near = nearest(name, names);
    const fix = near === undefined ? "remove it" : `did you mean "${near}"?`;
    return [problem(`${place}.plain[${index}]`, name, "is no variable in env and no flag in args", fix)];
  });
}

function pathOf(item: string | number): string {
  if (typeof item === "number") return `[${item}]`;
  return /^[A-Za-z0-9_-]+$/.test(item) ? `.${item}` : `[${JSON.stringify(item)}]`;
}

/** The rule that a plain value breaks; undefined if it is no secret. */
function ruleOf({ at: [key], name, value }: Plain): string | undefined {
  const password = URL_WITH_PASSWORD.exec(value)?.[1];
  if (password !== undefined && !isReference(password))
    return "has a password, which must not be in plain text";
  if (KNOWN_KEY.test(value)) return "holds a key, which must not be in plain text";
  // Annotations have no secrets to name: only what they hold is checked.
  if (name === undefined || key === "annotations") return undefined;
  const isNamed = SECRET_NAME.test(name.replace(/^-+/, "").replaceAll("-", "_"));
  if (!isNamed || NO_SECRET.test(value) || isReference(value)) return undefined;
  return `the name "${name}" looks like a secret, which must not be in plain text`;
}

function fixOf(place: string, { at: [key], name }: Plain): string {
  const set = "set it with `pulumi config set --secret --path 'secrets.<model>.<NAME>'`";
  const refer = key === "args" ? " and write `$(<NAME>)` here" : "";
  const allow =
    name === undefined || key === "annotations"
      ? ""
      : `, or, if it is no secret, list "${name}" in ${place}.plain`;
  return key === "annotations" ? "remove it" : `${set}${refer}${allow}`;
}

/** Whether the text is only references: their values are checked where they are set. */
function isReference(text: string): boolean {
  return referencesIn(text).length > 0 && text.replaceAll(/\$\([^)]*\)/g, "") === "";
}

function plainValues(settings: unknown): Plain[] {
  return [
    ...valuesIn(settings, "env").map(([name, value]): Plain => ({ at: ["env", name], name, value })),
    ...valuesIn(settings, "annotations").map(([name, value]): Plain => ({
      at: ["annotations", name],
      name,
      value,
    })),
    ...argumentsOf(listIn(settings, "args")),
  ];
}

/** Arguments with the flag that each belongs to: `--key=value`, or `--key` and `value`. */
function argumentsOf(args: readonly string[]): Plain[] {
  return args.map((arg, index) => {
    const at = ["args", index] as const;
    const [, flag, value] = /^(--?[A-Za-z][\w.-]*)=(.*)$/s.exec(arg) ?? [];
    if (flag !== undefined && value !== undefined) return { at, name: flag, value };
    const before = args[index - 1];
    const isValue = before !== undefined && /^--?[A-Za-z][\w.-]*$/.test(before) && !arg.startsWith("-");
    return { at, name: isValue ? before : undefined, value: arg };
  });
}

/** The strings of a list; other items are the schema's problem. */
function listIn(settings: unknown, key: string): string[] {
  const list: unknown = isMap(settings) ? settings[key] : undefined;
  return Array.isArray(list) ? list.map((item) => (typeof item === "string" ? item : "")) : [];
}

function valuesIn(settings: unknown, key: string): [string, string][] {
  const map = isMap(settings) ? settings[key] : undefined;
  if (!isMap(map)) return [];
  return Object.entries(map).flatMap(([name, value]) =>
    ["string", "number", "boolean"].includes(typeof value) ? [[name, String(value)]] : [],
  );
}
