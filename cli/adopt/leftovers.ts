import { pathOf, podsPath } from "../../fleet/objects";
import { isOfFleet } from "../../fleet/owner";
import type { Api } from "../../kubernetes/api";
import { entryOf } from "../../ownership/claims";
import { makerOf } from "./autoscalers";
import type { OldModel } from "./entry";
import { isPodOf, type Namespace, selects } from "./find";
import type { AutoscalerObject, DataObject, DeploymentObject, RoutesObject, ServiceObject } from "./objects";
import type { OldRoute } from "./routes";
import { pullSecretsOf, readSecrets } from "./sources";

/** Types of pull Secrets. */
const PULL_TYPES = ["kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"];

/** The paths of some models in an Ingress of others. */
export interface OldPaths {
  readonly ingress: RoutesObject;
  readonly routes: readonly OldRoute[];
  /** Whether the Ingress has nothing else. */
  readonly isAll: boolean;
}

/** What is left of the objects of adopted models, in the order of its deletion. */
export interface Leftovers {
  readonly paths: readonly OldPaths[];
  readonly services: readonly ServiceObject[];
  readonly secrets: readonly DataObject[];
  /** Without those of a tool, which would make them again. */
  readonly autoscalers: readonly AutoscalerObject[];
  readonly deployments: readonly DeploymentObject[];
}

/** Finds what is left of models' old objects. */
export async function leftoversOf(
  api: Api,
  olds: readonly OldModel[],
  namespace: Namespace,
): Promise<Leftovers> {
  const deployments = olds.map(({ deployment }) => deployment);
  const others = namespace.deployments.filter(
    ({ metadata }) => !deployments.some((one) => one.metadata.name === metadata.name),
  );
  // A Service that leads to somebody else's pods too is still needed, and so is the way to it.
  const isFree = (service: ServiceObject) => !others.some((other) => selects(service, other));
  const services = olds.flatMap((old) => old.services).filter(isFree);
  return {
    paths: pathsOf(olds.flatMap(({ routes }) => routes).filter(({ service }) => isFree(service))),
    services: [...new Map(services.map((one) => [one.metadata.name, one])).values()],
    secrets: await unusedPullSecrets(api, deployments, namespace),
    autoscalers: olds
      .flatMap(({ autoscalers }) => autoscalers)
      .filter((one) => makerOf(one) === undefined && !isOfFleet(one.metadata)),
    deployments,
  };
}

/** The routes of each Ingress. */
export function pathsOf(routes: readonly OldRoute[]): OldPaths[] {
  const byEntry = new Map<string, OldRoute[]>();
  for (const route of routes)
    byEntry.set(entryOf(route.ingress), [...(byEntry.get(entryOf(route.ingress)) ?? []), route]);
  return [...byEntry.values()].flatMap((own) => {
    const ingress = own[0]?.ingress;
    if (ingress === undefined) return [];
    const { rules = [], defaultBackend } = ingress.spec ?? {};
    const count = rules.flatMap(({ http }) => http?.paths ?? []).length;
    return [{ ingress, routes: own, isAll: count === own.length && defaultBackend === undefined }];
  });
}

/** The pull Secrets of Deployments that nothing else in the namespace names. */
async function unusedPullSecrets(
  api: Api,
  deployments: readonly DeploymentObject[],
  namespace: Namespace,
): Promise<DataObject[]> {
  const names = deployments.flatMap(pullSecretsOf);
  if (names.length === 0) return [];
  const isUsed = await othersThatName(api, deployments, namespace);
  // Without the right to look, each may be in use.
  if (isUsed === undefined) return [];
  const free = names.filter((name) => !isUsed(name));
  const secrets = await readSecrets(api, namespace.name, free);
  return secrets.filter(({ metadata, type = "" }) => PULL_TYPES.includes(type) && !isOfFleet(metadata));
}

/** Anything that may name a Secret. */
interface Named {
  readonly metadata: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Whether something other than these Deployments names a Secret; undefined if the account may not look. */
async function othersThatName(
  api: Api,
  deployments: readonly DeploymentObject[],
  { name: namespace }: Namespace,
): Promise<((secret: string) => boolean) | undefined> {
  const batch = `/apis/batch/v1/namespaces/${namespace}`;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  const paths = [
    ...[podsPath(namespace), pathOf("deployment", namespace)],
    ...[`${apps}/statefulsets`, `${apps}/daemonsets`, `${batch}/jobs`, `${batch}/cronjobs`],
    `${core}/serviceaccounts`,
  ];
  const lists = await Promise.all(paths.map((path) => api.get(path)));
  if (lists.some(({ status }) => status !== 200)) return undefined;
  const [pods = [], own = [], ...others] = lists.map(
    ({ body }) => (body as { readonly items?: readonly Named[] }).items ?? [],
  );
  const text = JSON.stringify([
    pods.filter((pod) => !deployments.some((one) => isPodOf(pod, one))),
    own.filter(({ metadata }) => !deployments.some((one) => one.metadata.name === metadata.name)),
    ...others,
  ]);
  return (secret) => text.includes(JSON.stringify(secret));
}

/** Each object that is left, with what goes of it. */
export function rowsOf({
  paths,
  services,
  secrets,
  autoscalers,
  deployments,
}: Leftovers): [object: string, what: string][] {
  const whole = (kind: string, objects: readonly { readonly metadata: { readonly name?: string } }[]) =>
    objects.map(({ metadata }): [string, string] => [`${kind}/${metadata.name ?? ""}`, "all of it"]);
  return [
    ...paths.map(({ ingress, routes, isAll }): [string, string] => [
      `ingress/${ingress.metadata.name ?? ""}`,
      isAll ? "all of it" : `only ${routes.map(({ path, written }) => path ?? written.path).join(", ")}`,
    ]),
    ...whole("service", services),
    ...whole("secret", secrets),
    ...whole("horizontalpodautoscaler", autoscalers),
    ...whole("deployment", deployments),
  ];
}
