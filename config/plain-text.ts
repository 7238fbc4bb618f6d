import { SHARED } from "../fleet/names";
import { referencesIn } from "../fleet/references";
import { nearest } from "../lib/nearest";
import { isMap } from "./merge";
import { leavesOf, type Plain, plainValues, RUN, stringsOf } from "./plain-values";
import { pathText, problem, type Problem } from "./problem";
import { isSecretKey } from "./secrecy";
import { secretsKey } from "./secret-owners";

/**
 * Which values in plain text are secrets. Anywhere: a text that is one (a URL with a password, a private key, a key of
 * a well-known service). In variables and arguments also: a value whose name ends in a word for one. `plain` names exceptions.
 */

/** Endings of names of secrets. `MAX_TOKENS` has none of them. */
const SECRET_NAME =
  /(TOKEN|PASSWORDS?|PASSWD|PASSPHRASE|SECRETS?|CREDENTIALS?|(^|_)PASS|_PWD|(API|ACCESS|PRIVATE|SECRET|AUTH)_?KEYS?|(^|_)KEY)$/i;
/** Names with such an ending that are in use for something else: special tokens of a tokenizer, public keys. */
const NO_SECRET_NAME = /((^|_)(BOS|CLS|EOS|MASK|PAD|SEP|STOP|UNK)_TOKEN|PUBLIC_KEY)$/i;
/** Values that no secret has: nothing, a boolean, a special token such as `</s>` or `[PAD]`, the path of a file. */
const NO_SECRET =
  /^(|true|false|<.*>|\[.*\]|(~|\.{0,2})\/(([\w.-]+\/)+[\w.-]+|[\w.-]*\.[\w-]+)|file:\/\/\/[\w./-]+)$/i;

/** A number of tokens, such as that of --max-num-batched-token: no token is that short. */
const TOKENS = { name: /TOKEN$/i, value: /^\d{1,7}$/ } as const;

/** The bounds keep the search linear in the length of a text. */
const URL_WITH_PASSWORD = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,300}:([^\s/@]{1,1000})@/i;
/** @see https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns */
const KNOWN_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(sk-[\w-]{16,}|gh[opusr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_[A-Za-z0-9]{20,}|A[KS]IA[0-9A-Z]{16}\b|xox[abprs]-[\w-]{10,}|AIza[\w-]{35}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.)/;

/** The settings of a model or a variant, as people write them: `defaults`, `catalog.iris`, `catalog.iris.variants.b`. */
interface Place {
  readonly path: readonly string[];
  readonly plains: readonly Plain[];
  /** Its own list `plain`. */
  readonly allowed: readonly string[];
  /** Its own key in `secrets`; undefined for the fleet, whose values are in none. */
  readonly secrets?: string;
}

/**
 * The secrets in plain text in all settings but those that Pulumi encrypts, of models that are not active too. Their
 * values are never shown.
 *
 * @param settings By key, as people write them.
 */
export function secretsInPlainText(settings: Readonly<Record<string, unknown>>): Problem[] {
  const { defaults: own, catalog, runtimes, ...fleet } = settings;
  const ofFleet = Object.entries(fleet).filter(([key]) => !isSecretKey(key));
  const defaults = placeOf(["defaults"], own, SHARED);
  const models = Object.entries(isMap(catalog) ? catalog : {}).map(([id, entry]) => placesOf(id, entry));
  const inAll = namesIn([defaults, ...models.flatMap(({ model, variants }) => [model, ...variants])]);
  return [
    ...found({ path: [], plains: leavesOf(Object.fromEntries(ofFleet)), allowed: [] }, []),
    ...found(defaults, []),
    ...withoutEffect(defaults, inAll),
    ...Object.entries(isMap(runtimes) ? runtimes : {}).flatMap(([name, preset]) =>
      found(placeOf(["runtimes", name], preset, SHARED), defaults.allowed),
    ),
    ...models.flatMap(({ model, variants }) => [
      ...found(model, defaults.allowed),
      ...withoutEffect(model, namesIn([defaults, model, ...variants])),
      ...variants.flatMap((variant) => [
        ...found(variant, [...defaults.allowed, ...model.allowed]),
        ...withoutEffect(variant, namesIn([defaults, model, variant])),
      ]),
    ]),
  ];
}

/** A catalog entry: what its variants share, and each variant. */
function placesOf(
  id: string,
  entry: unknown,
): { readonly model: Place; readonly variants: readonly Place[] } {
  const path = ["catalog", id];
  const { variants, ...own } = isMap(entry) ? entry : {};
  return {
    model: placeOf(path, own, id),
    variants: Object.entries(isMap(variants) ? variants : {}).map(([name, settings]) =>
      placeOf([...path, "variants", name], settings, secretsKey(id, name)),
    ),
  };
}

/** Whether a message must not show a value, since it may hold a secret. */
export function mayHoldSecret(path: readonly PropertyKey[], value: unknown): boolean {
  if (RUN.some((key) => path.includes(key))) return typeof value === "string" || typeof value === "object";
  return textRuleOf(JSON.stringify(value) ?? "") !== undefined;
}

function placeOf(path: readonly string[], settings: unknown, secrets: string): Place {
  const { plain, ...others } = isMap(settings) ? settings : {};
  return { path, plains: plainValues(others), allowed: stringsOf(plain), secrets };
}

function found(place: Place, allowedByDefaults: readonly string[]): Problem[] {
  const allowed = new Set<string | undefined>([...allowedByDefaults, ...place.allowed]);
  const problems = place.plains.flatMap((plain) => {
    const rule = allowed.has(plain.name) ? undefined : ruleOf(plain);
    const at = pathText([...place.path, ...plain.path]);
    return rule === undefined ? [] : [problem(at, undefined, rule, fixOf(place, plain))];
  });
  // Several words of one argument may break one rule.
  return [...new Set(problems)];
}

function namesIn(places: readonly Place[]): Set<string> {
  return new Set(places.flatMap(({ plains }) => plains.flatMap(({ name }) => name ?? [])));
}

/** The names in a list `plain` that none of its values has. */
function withoutEffect({ path, allowed }: Place, names: ReadonlySet<string>): Problem[] {
  return allowed.flatMap((name, index) => {
    if (names.has(name)) return [];
    const near = nearest(name, names);
    const fix = near === undefined ? "remove it" : `did you mean "${near}"?`;
    return [
      problem(pathText([...path, "plain", index]), name, "is no variable in env and no flag in args", fix),
    ];
  });
}

/** The rule that a plain value breaks; undefined if it is no secret. */
function ruleOf({ kind, name, value }: Plain): string | undefined {
  const rule = textRuleOf(value);
  if (rule !== undefined || name === undefined || kind === undefined) return rule;
  if (!isSecretName(name) || (TOKENS.name.test(name) && TOKENS.value.test(value))) return undefined;
  return NO_SECRET.test(value) || isReference(value)
    ? undefined
    : `the name "${name}" looks like a secret, which must not be in plain text`;
}

/** Whether a variable or a flag is named as secrets are. */
export function isSecretName(name: string): boolean {
  const plainName = name.replace(/^-+/, "").replaceAll("-", "_");
  return SECRET_NAME.test(plainName) && !NO_SECRET_NAME.test(plainName);
}

function textRuleOf(text: string): string | undefined {
  const password = URL_WITH_PASSWORD.exec(text)?.[1];
  if (password !== undefined && !isReference(password))
    return "has a password, which must not be in plain text";
  return KNOWN_KEY.test(text) ? "holds a key, which must not be in plain text" : undefined;
}

function fixOf({ path, secrets = "" }: Place, { path: [key], name, kind }: Plain): string {
  const allow = path.length > 0 && name !== undefined;
  const orAllow = allow ? `, or, if it is no secret, add "${name}" to ${pathText([...path, "plain"])}` : "";
  if (path.length === 0 || kind === undefined) return `remove it${orAllow}`;
  if (key !== "env" && key !== "command" && key !== "args") {
    const fromSecret = "a variable with valueFrom.secretKeyRef";
    return `${kind === "variable" ? `make it ${fromSecret}` : `write $(<NAME>) for it, and add ${fromSecret}`}${orAllow}`;
  }
  // A flag's variable is named as servers name theirs: API_KEY for --api-key.
  const flag = name
    ?.replace(/^-+/, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  const variable = (kind === "variable" ? name : flag) ?? "<NAME>";
  const own = pathText(["secrets", secrets]);
  const secret = variable === "<NAME>" ? `${own}.<NAME>` : pathText([variable], own);
  const first = kind === "variable" ? "remove it" : `write $(${variable}) for it`;
  return `${first} and run \`pulumi config set --secret --path '${secret}'\`${orAllow}`;
}

/** Whether the text is only references: their values are checked where they are set. */
function isReference(text: string): boolean {
  return referencesIn(text).length > 0 && text.replaceAll(/\$\([^)]*\)/g, "") === "";
}
