import { isMap } from "./merge";
import { problem, type Problem } from "./problem";

/** Whether what stands at a path of the settings, such as `secrets`, `iris`, `API_KEY`, is encrypted in the stack's file. */
export type IsSecret = (key: string, ...path: string[]) => boolean;

/** Whether the values of a key stay secret on their way to the cluster. */
export function isSecretKey(key: string): boolean {
  return key === "secrets" || key === "registry";
}

/** Encrypted values of keys that are not kept secret: the program gets them in plain text, and so would the state. */
export function lostSecrets(keys: readonly string[], isSecret: IsSecret): Problem[] {
  const rule =
    "is encrypted in part or as a whole, but would stand in plain text in the state and in the cluster";
  const fix = "set it without --secret, and keep secrets in secrets.<model>.<NAME>";
  return keys
    .filter((key) => !isSecretKey(key) && isSecret(key))
    .map((key) => problem(key, undefined, rule, fix));
}

/** A secret that was set without --secret stands in plain text in the stack's file: its value is never shown here. */
export function plainSecrets(values: Readonly<Record<string, unknown>>, isSecret: IsSecret): Problem[] {
  const problems: Problem[] = [];
  const fix = (path: string) => `set it with \`pulumi config set --secret --path '${path}'\``;
  // A map that `pulumi config rm` emptied holds nothing to encrypt.
  const held =
    isMap(values.secrets) &&
    Object.values(values.secrets).some((one) => !isMap(one) || Object.keys(one).length > 0);
  const plain = (path: string, example = path) =>
    problems.push(problem(path, undefined, "stands in plain text", fix(example)));
  if (held && !isSecret("secrets")) plain("secrets", "secrets.<model>.<NAME>");
  else {
    for (const [id, own] of Object.entries(isMap(values.secrets) ? values.secrets : {}))
      for (const name of Object.keys(isMap(own) ? own : {}))
        if (!isSecret("secrets", id, name)) plain(`secrets.${id}.${name}`);
  }
  if (isMap(values.registry) && values.registry.password !== undefined) {
    if (!isSecret("registry") || !isSecret("registry", "password")) plain("registry.password");
  }
  return problems;
}
