import { pathOf } from "../../fleet/objects";
import { type Api, unexpectedStatus } from "../../kubernetes/api";
import { type Sources, sourcesOf, type Values } from "./environment";
import type { ContainerObject, DataObject, DeploymentObject } from "./objects";

/** Reads the Secrets and ConfigMaps that containers take variables from. */
export async function readSources(
  api: Api,
  namespace: string,
  containers: readonly ContainerObject[],
): Promise<Sources> {
  const names = containers.map(sourcesOf);
  const [secrets, configMaps] = await Promise.all([
    readSecrets(
      api,
      namespace,
      names.flatMap((one) => one.secrets),
    ),
    readAll(
      names.flatMap((one) => one.configMaps),
      (name) => read(api, `configmap ${name}`, `/api/v1/namespaces/${namespace}/configmaps/${name}`),
    ),
  ]);
  return { secrets: valuesByName(secrets), configMaps: valuesByName(configMaps) };
}

/** Reads Secrets, with their values as text; leaves out those that do not exist. */
export async function readSecrets(
  api: Api,
  namespace: string,
  names: readonly string[],
): Promise<DataObject[]> {
  const found = await readAll(names, (name) =>
    read(api, `secret ${name}`, pathOf("secret", namespace, name)),
  );
  return found.map((secret) => ({ ...secret, data: asText(secret.data) as Record<string, string> }));
}

/** Names of the pull Secrets of a Deployment. */
export function pullSecretsOf({ spec }: DeploymentObject): string[] {
  return (spec.template.spec.imagePullSecrets ?? []).flatMap(({ name }) => name ?? []);
}

async function readAll(
  names: readonly string[],
  one: (name: string) => Promise<DataObject | undefined>,
): Promise<DataObject[]> {
  const found = await Promise.all([...new Set(names)].map(one));
  return found.filter((object) => object !== undefined);
}

async function read(api: Api, what: string, path: string): Promise<DataObject | undefined> {
  const { status, body } = await api.get(path);
  if (status === 404) return undefined;
  if (status !== 200) throw unexpectedStatus(api, `get ${what}`, status, body);
  return body as DataObject;
}

/** Values in base64 as text; undefined for what is no text. */
function asText(data: DataObject["data"] = {}): Values {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      try {
        return [key, decoder.decode(Buffer.from(value, "base64"))];
      } catch {
        return [key, undefined];
      }
    }),
  );
}

function valuesByName(objects: readonly DataObject[]): Map<string, Values> {
  return new Map(objects.map(({ metadata, data = {} }) => [metadata.name ?? "", data]));
}
