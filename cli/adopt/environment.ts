import { secretsInPlainText } from "../../config/plain-text";
import type { EnvValue } from "../../config/settings/environment";
import { referencesIn } from "../../fleet/references";
import type { ContainerObject, VariableObject, VariablesObject } from "./objects";
import type { Remarks } from "./remarks";

/** The values of an object's keys as text; undefined for a value that is no text. */
export type Values = Readonly<Record<string, string | undefined>>;

/** The Secrets and ConfigMaps that Deployments refer to, by name; one that is not there is missing. */
export interface Sources {
  readonly secrets: ReadonlyMap<string, Values>;
  readonly configMaps: ReadonlyMap<string, Values>;
}

/** The environment of a model: in plain text, and to be encrypted. */
export interface Environment {
  readonly env: Readonly<Record<string, EnvValue>>;
  readonly secrets: Readonly<Record<string, string>>;
}

interface Variable {
  readonly value: string;
  readonly isSecret: boolean;
}

/** Names of the Secrets or ConfigMaps that a container takes variables from. */
export function sourcesOf({ env = [], envFrom: all = [] }: Pick<ContainerObject, "env" | "envFrom">): {
  secrets: string[];
  configMaps: string[];
} {
  const variables = env.flatMap(({ valueFrom }) => valueFrom ?? []);
  const names = (found: readonly ({ readonly name?: string } | undefined)[]) =>
    found.flatMap((one) => one?.name ?? []);
  return {
    secrets: names([
      ...variables.map(({ secretKeyRef }) => secretKeyRef),
      ...all.map(({ secretRef }) => secretRef),
    ]),
    configMaps: names([
      ...variables.map(({ configMapKeyRef }) => configMapKeyRef),
      ...all.map(({ configMapRef }) => configMapRef),
    ]),
  };
}

/** Reads the environment of a container. Values that the settings refuse in plain text become secrets. */
export function environmentOf(
  { name: container, env = [], envFrom = [] }: Pick<ContainerObject, "name" | "env" | "envFrom">,
  sources: Sources,
  remarks: Remarks,
): Environment {
  const variables = new Map<string, Variable>();
  const fields: Record<string, EnvValue> = {};
  // As in a container: later ones win, and those of `env` over all.
  for (const one of envFrom) addAll(variables, one, sources, remarks);
  for (const one of env) {
    const field = fieldOf(one, container);
    if (field !== undefined) {
      fields[one.name] = field;
      variables.delete(one.name);
      continue;
    }
    const variable = variableOf(one, sources, remarks);
    if (variable !== undefined) variables.set(one.name, variable);
  }
  const found = [...variables].map(([name, variable]) => [name, checked(name, variable, remarks)] as const);
  const those = (isSecret: boolean) =>
    Object.fromEntries(
      found.filter(([, one]) => one.isSecret === isSecret).map(([name, { value }]) => [name, value]),
    );
  return { env: { ...those(false), ...fields }, secrets: those(true) };
}

/** A variable that is a field of the pod or of its own container; undefined for any other. */
function fieldOf({ valueFrom }: VariableObject, container: string): EnvValue | undefined {
  const { fieldRef, resourceFieldRef } = valueFrom ?? {};
  if (fieldRef?.fieldPath !== undefined) return { fieldRef: { fieldPath: fieldRef.fieldPath } };
  const { containerName = container } = resourceFieldRef ?? {};
  if (resourceFieldRef?.resource === undefined || containerName !== container) return undefined;
  const { resource, divisor = "0" } = resourceFieldRef;
  // The API server writes 0 where nobody set one.
  return { resourceFieldRef: { resource, ...(divisor !== "0" && { divisor }) } };
}

function addAll(
  variables: Map<string, Variable>,
  { prefix = "", secretRef, configMapRef }: VariablesObject,
  { secrets, configMaps }: Sources,
  remarks: Remarks,
): void {
  const reference = secretRef ?? configMapRef;
  const isSecret = secretRef !== undefined;
  const what = `${isSecret ? "Secret" : "ConfigMap"} ${reference?.name ?? ""}`;
  const values = (isSecret ? secrets : configMaps).get(reference?.name ?? "");
  if (values === undefined) {
    if (reference?.optional !== true)
      remarks.problem(`its variables come from ${what}, which does not exist; make it`);
    return;
  }
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) notText(`${prefix}${key}`, what, remarks);
    else variables.set(`${prefix}${key}`, { value: escaped(value, isSecret), isSecret });
  }
}

function variableOf(
  { name, value = "", valueFrom }: VariableObject,
  sources: Sources,
  remarks: Remarks,
): Variable | undefined {
  if (valueFrom === undefined) return { value, isSecret: false };
  const { secretKeyRef, configMapKeyRef } = valueFrom;
  const reference = secretKeyRef ?? configMapKeyRef;
  if (reference === undefined) {
    remarks.problem(
      `its variable ${name} comes from a source that the settings cannot say; give it a value, or remove it`,
    );
    return undefined;
  }
  const isSecret = secretKeyRef !== undefined;
  const what = `${isSecret ? "Secret" : "ConfigMap"} ${reference.name ?? ""}`;
  const values = (isSecret ? sources.secrets : sources.configMaps).get(reference.name ?? "");
  if (values === undefined || !(reference.key in values)) {
    if (reference.optional !== true)
      remarks.problem(`its variable ${name} comes from ${what}, which has no key ${reference.key}; add it`);
    return undefined;
  }
  const own = values[reference.key];
  if (own === undefined) return notText(name, what, remarks);
  return { value: escaped(own, isSecret), isSecret };
}

function notText(name: string, what: string, remarks: Remarks): undefined {
  remarks.problem(`its variable ${name} from ${what} is not text, which the settings cannot hold`);
  return undefined;
}

/** A plain value as Kubernetes leaves it: it replaces `$(NAME)` in a plain value, and not in one of a ConfigMap. */
function escaped(value: string, isSecret: boolean): string {
  return !isSecret && /\$[($]/.test(value) ? value.replaceAll("$", "$$$$") : value;
}

function checked(name: string, { value, isSecret }: Variable, remarks: Remarks): Variable {
  const looksSecret = secretsInPlainText({ catalog: { model: { env: { [name]: value } } } }).length > 0;
  if (!isSecret && !looksSecret) return { value, isSecret };
  if (!isSecret && referencesIn(value).length > 0)
    remarks.problem(
      `its variable ${name} holds a secret and refers to other variables; write the secret as a variable of its own`,
    );
  const line = /^([^\r\n]*)[\r\n]+$/.exec(value)?.[1];
  if (line !== undefined) remarks.note(`${name}: the line break at its end is left out`);
  return { value: line ?? value, isSecret: true };
}
