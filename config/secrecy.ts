import { isMap } from "./merge";
import { pathText, problem, type Problem } from "./problem";

/** Reports whether the value at a path of the settings, such as `secrets`, `iris`, `API_KEY`, is encrypted in the stack's file. */
export type IsSecret = (key: string, ...path: string[]) => boolean;

/** The keys that hold a secret. A test compares them with the schema, in which to look for them takes long. */
const SECRET_KEYS: ReadonlySet<string> = new Set(["registry", "secrets"]);

/** Whether the values of a key stay secret on their way to the cluster. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(key);
}

/** Encrypted values under keys that are not kept secret: the program gets their plain text, which the state would have. */
export function lostSecrets(keys: readonly string[], isSecret: IsSecret): Problem[] {
  const rule = "holds an encrypted value, which would be in plain text in the state and in the cluster";
  const fix = "set it without --secret, and keep secrets in secrets.<model>.<NAME>";
  return keys
    .filter((key) => !isSecretKey(key) && isSecret(key))
    .map((key) => problem(key, undefined, rule, fix));
}

/** Secrets that were set without --secret and are in plain text in the stack's file. Their values are never shown. */
export function plainSecrets(values: Readonly<Record<string, unknown>>, isSecret: IsSecret): Problem[] {
  const plain = (path: string, example = path) =>
    problem(
      path,
      undefined,
      "is not encrypted",
      `set it with \`pulumi config set --secret --path '${example}'\``,
    );
  const { secrets, registry } = values;
  const problems: Problem[] = [];
  // A map that `pulumi config rm` emptied holds nothing to encrypt.
  const held =
    isMap(secrets) && Object.values(secrets).some((one) => !isMap(one) || Object.keys(one).length > 0);
  if (held && !isSecret("secrets")) problems.push(plain("secrets", "secrets.<model>.<NAME>"));
  else {
    for (const [id, own] of Object.entries(isMap(secrets) ? secrets : {}))
      for (const name of Object.keys(isMap(own) ? own : {}))
        if (!isSecret("secrets", id, name)) problems.push(plain(pathText(["secrets", id, name])));
  }
  const hasPassword = isMap(registry) && registry["password"] !== undefined;
  if (hasPassword && !(isSecret("registry") && isSecret("registry", "password"))) {
    problems.push(plain("registry.password"));
  }
  return problems;
}
