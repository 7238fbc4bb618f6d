import { nearestModelId, problemOfModelId } from "../../fleet/names";
import { autoscalersPath, type Kind, pathOf, podsPath } from "../../fleet/objects";
import { hasLabels, isOfFleet, type ObjectMeta, stackOf } from "../../fleet/owner";
import { type Api, unexpectedStatus } from "../../kubernetes/api";
import { listObjects } from "../../kubernetes/list";
import { nearest } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";
import type { OldModel } from "./entry";
import type { AutoscalerObject, DeploymentObject, PodObject, RoutesObject, ServiceObject } from "./objects";
import { routesTo } from "./routes";

/** How the script named the Deployment of a model. */
const SUFFIX = "-deployment";

/** Which Deployments are meant. */
export interface Wanted {
  /** As `id` or `id=deployment`. @default every Deployment `<id>-deployment` */
  readonly given: readonly string[];
  /** Labels of Deployments, instead of their names. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What a namespace has. */
export interface Namespace {
  readonly name: string;
  readonly deployments: readonly DeploymentObject[];
  readonly services: readonly ServiceObject[];
  readonly ingresses: readonly RoutesObject[];
  readonly autoscalers: readonly AutoscalerObject[];
  readonly pods: readonly PodObject[];
}

/** Reads a namespace. @throws Refused that says which right to ask for */
export async function readNamespace(api: Api, name: string): Promise<Namespace> {
  const list = <T>(kind: Kind) => listObjects<T>(api, pathOf(kind, name), {}, `${kind} in namespace ${name}`);
  const [deployments, services, ingresses, autoscalers, pods] = await Promise.all([
    list<DeploymentObject>("deployment"),
    list<ServiceObject>("service"),
    list<RoutesObject>("ingress"),
    readAutoscalers(api, name),
    listObjects<PodObject>(api, podsPath(name), {}, `pods in namespace ${name}`),
  ]);
  return { name, deployments, services, ingresses, autoscalers, pods };
}

/** Without the right to look, there are none: they only make a note, and are left. */
async function readAutoscalers(api: Api, namespace: string): Promise<readonly AutoscalerObject[]> {
  const { status, body } = await api.get(autoscalersPath(namespace));
  if (status === 403 || status === 404) return [];
  if (status !== 200) throw unexpectedStatus(api, `list autoscalers in namespace ${namespace}`, status, body);
  return (body as { readonly items?: readonly AutoscalerObject[] }).items ?? [];
}

/**
 * The Deployments that are meant, by model ID.
 *
 * @param listed IDs in the list of models: one of these without an old Deployment is done.
 * @throws UserError with every one that is not there, or whose name is no model ID
 */
export function chosen(
  { given, labels }: Wanted,
  { name: namespace, deployments }: Namespace,
  listed: readonly string[],
): Map<string, DeploymentObject> {
  const all = new Map(deployments.map((one) => [one.metadata.name ?? "", one]));
  const problems: string[] = [];
  const found = new Map<string, DeploymentObject>();
  for (const [id, name] of given.length > 0 ? given.map(pairOf) : pairsAmong(deployments, labels)) {
    const deployment = all.get(name);
    const rule = problemOfModelId(id);
    if (deployment === undefined) {
      if (listed.includes(id)) continue;
      const near = nearest(name, all.keys());
      problems.push(
        `${id}: there is no Deployment ${name} in namespace ${namespace}; ${near === undefined ? "name it" : `did you mean ${near}? Name it`} as ${id}=<deployment>, or its namespace with --from`,
      );
    } else if (rule !== undefined) {
      problems.push(`${name}: "${id}" ${rule}; name a model ID: ${nearestModelId(id) ?? "<id>"}=${name}`);
    } else if (isOfFleet(deployment.metadata)) {
      problems.push(
        `${id}: Deployment ${name} belongs to the stack ${stackOf(deployment.metadata) ?? "of a fleet"}`,
      );
    } else if (found.has(id)) {
      problems.push(`${id}: several Deployments would be this model; give each an ID: <id>=<deployment>`);
    } else found.set(id, deployment);
  }
  if (problems.length > 0)
    throw new UserError(`nothing was changed:\n${problems.map((one) => `  ${one}`).join("\n")}`);
  return found;
}

function pairOf(given: string): [id: string, name: string] {
  const [, id = given, name = `${given}${SUFFIX}`] = /^([^=]*)=(.+)$/.exec(given) ?? [];
  return [id, name];
}

function pairsAmong(
  deployments: readonly DeploymentObject[],
  labels: Wanted["labels"],
): [id: string, name: string][] {
  return deployments
    .filter(({ metadata }) => !isOfFleet(metadata))
    .filter(({ metadata: { name = "", labels: own } }) =>
      labels === undefined ? name.endsWith(SUFFIX) : hasLabels(own, labels),
    )
    .map(({ metadata: { name = "" } }) => [
      name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name,
      name,
    ]);
}

/** What belongs to a Deployment: Services that select its pods, paths that lead to these, what scales it. */
export function oldModel(id: string, deployment: DeploymentObject, namespace: Namespace): OldModel {
  const services = namespace.services.filter(
    (service) => !isOfFleet(service.metadata) && selects(service, deployment),
  );
  const ingresses = namespace.ingresses.filter(({ metadata }) => !isOfFleet(metadata));
  const { name } = deployment.metadata;
  const autoscalers = namespace.autoscalers.filter(
    ({ spec }) => spec?.scaleTargetRef?.kind === "Deployment" && spec.scaleTargetRef.name === name,
  );
  const pods = namespace.pods.filter((pod) => isPodOf(pod, deployment));
  const routes = routesTo(services, ingresses);
  return { id, deployment, services, routes, autoscalers, startedIn: startedIn(pods) };
}

/** Whether a pod is one of a Deployment, by its labels. */
export function isPodOf(
  { metadata }: { readonly metadata: Pick<ObjectMeta, "labels"> },
  { spec }: DeploymentObject,
): boolean {
  const { labels = {} } = spec.template.metadata ?? {};
  return Object.keys(labels).length > 0 && hasLabels(metadata.labels, labels);
}

/** How long the slowest pod took until it was ready, or ready again, in seconds; undefined if none is ready. */
function startedIn(pods: readonly PodObject[]): number | undefined {
  const times = pods.flatMap(({ status: { startTime, conditions = [] } = {} }) => {
    const ready = conditions.find(({ type, status }) => type === "Ready" && status === "True");
    if (startTime === undefined || ready?.lastTransitionTime === undefined) return [];
    return (Date.parse(ready.lastTransitionTime) - Date.parse(startTime)) / 1000;
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Whether a Service selects the pods of a Deployment. */
export function selects({ spec }: ServiceObject, deployment: DeploymentObject): boolean {
  const { selector = {} } = spec ?? {};
  return Object.keys(selector).length > 0 && hasLabels(deployment.spec.template.metadata?.labels, selector);
}
