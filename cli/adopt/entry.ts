import { check } from "../../config/explain";
import { isMap, merge, withoutNulls } from "../../config/merge";
import { model, MODEL_DEFAULTS, type ModelSettings } from "../../config/model-schema";
import { liveness, readiness } from "../../config/settings/container";
import { type EnvValue, textsOf } from "../../config/settings/environment";
import { modelPath } from "../../fleet/names";
import { RESERVED_ANNOTATIONS, RESERVED_LABELS } from "../../fleet/owner";
import { type Environment, environmentOf, type Sources } from "./environment";
import type { FleetView } from "./fleet";
import type { ContainerObject, DeploymentObject, PodSpec, ServiceObject } from "./objects";
import { DEFAULT_READINESS_PATH, livenessOf, readinessOf, remarkOnPod, startupSecondsOf } from "./pod";
import { Remarks } from "./remarks";
import { type OldRoute, pathsOfModel, portOfModel } from "./routes";
import { volumesOf } from "./volumes";

/** What others made for one model. */
export interface OldModel {
  readonly id: string;
  readonly deployment: DeploymentObject;
  /** The Services that select its pods. */
  readonly services: readonly ServiceObject[];
  readonly routes: readonly OldRoute[];
  /** Names of the HorizontalPodAutoscalers that scale it. */
  readonly autoscalers: readonly string[];
  /** How long its slowest pod took to become ready, in seconds; undefined if none is ready. */
  readonly startedIn: number | undefined;
}

/** A model as the settings are to say it. */
export interface Adoption extends Remarks {
  readonly id: string;
  /** For `catalog.<id>`: only what `defaults` and the built-in defaults do not say. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** For `secrets.<id>`. */
  readonly secrets: Readonly<Record<string, string>>;
}

type Values = Readonly<Record<string, unknown>>;

/** Annotations that tools leave on pods and Services, with no meaning for another object. */
const LEFT_BY_TOOLS = [
  "kubectl.kubernetes.io/restartedAt",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** Writes the catalog entry that reproduces a Deployment, and says what it does not reproduce. */
export function adoptionOf(old: OldModel, fleet: FleetView, sources: Sources): Adoption {
  const remarks = new Remarks();
  const { id, deployment } = old;
  remarkOnPod(id, deployment, remarks);
  const [container] = deployment.spec.template.spec.containers;
  const paths = pathsOfModel(id, old.routes, fleet, remarks);
  const environment = environmentOf(container ?? {}, sources, remarks);
  const { env, secrets } = apart(environment, fleet.sharedSecrets);
  const settings: Record<string, unknown> = {
    ...settingsOf(old, container ?? { name: "" }, fleet, remarks),
    ...{ env, ...paths },
  };
  const entry = withoutDefaults(settings, fleet.defaults);
  remarkOnService(old, remarks);
  const home = container !== undefined && isReadOnly(container) ? ["HOME"] : [];
  const added = ["MODEL_NAME", "PORT", ...home].filter((name) => !(name in env) && !(name in secrets));
  if (added.length > 0) remarks.note(`its server gets ${added.join(" and ")} in addition`);
  compare(id, entry, fleet, container?.resources ?? {}, remarks);
  return Object.assign(remarks, { id, entry, secrets });
}

/** A variable that is a secret of every model is one of this model, since no name may be both. */
function apart({ env, secrets }: Environment, shared: readonly string[]): Environment {
  const isShared = ([name, value]: [string, EnvValue]) => shared.includes(name) && typeof value === "string";
  const all = Object.entries(env);
  return {
    env: Object.fromEntries(all.filter((one) => !isShared(one))),
    secrets: { ...secrets, ...textsOf(Object.fromEntries(all.filter(isShared))) },
  };
}

function settingsOf(
  { deployment, services, routes, startedIn }: OldModel,
  container: ContainerObject,
  { defaults }: FleetView,
  remarks: Remarks,
): Record<string, unknown> {
  const { spec } = deployment;
  const { metadata = {}, spec: pod } = spec.template;
  const inherited = (merge({ path: DEFAULT_READINESS_PATH }, defaults["readiness"]) ?? {}) as Values;
  const selected = services.flatMap((service) => Object.keys(service.spec?.selector ?? {}));
  return {
    ...whatRuns(container, pod, remarks),
    port: portOfModel(routes, container, remarks),
    replicas: spec.replicas ?? 1,
    resources: { requests: container.resources?.requests ?? {}, limits: container.resources?.limits ?? {} },
    readiness: readinessOf(container, String(inherited["path"]), remarks),
    liveness: livenessOf(container),
    startupSeconds: startupSecondsOf(container, {
      startedIn,
      deadline: spec.progressDeadlineSeconds,
      otherwise: Number(defaults["startupSeconds"] ?? MODEL_DEFAULTS["startupSeconds"]),
    }),
    drainSeconds: Math.max(
      pod.terminationGracePeriodSeconds ?? 0,
      Number(defaults["drainSeconds"] ?? MODEL_DEFAULTS["drainSeconds"]),
    ),
    labels: without(metadata.labels, [...RESERVED_LABELS, ...selected]),
    annotations: without(metadata.annotations, [...RESERVED_ANNOTATIONS, ...LEFT_BY_TOOLS]),
    service: {
      labels: without(services[0]?.metadata.labels, RESERVED_LABELS),
      annotations: without(services[0]?.metadata.annotations, [...RESERVED_ANNOTATIONS, ...LEFT_BY_TOOLS]),
    },
  };
}

/** What the container runs, as whom, and which disk it has. */
function whatRuns(container: ContainerObject, pod: PodSpec, remarks: Remarks): Values {
  const user = container.securityContext?.runAsUser ?? pod.securityContext?.runAsUser;
  const readOnlyRootFilesystem = isReadOnly(container);
  return {
    image: container.image,
    imagePullPolicy: pullPolicyOf(container),
    command: container.command,
    args: container.args,
    volumes: volumesOf(container, pod.volumes ?? [], { hasTmp: readOnlyRootFilesystem, remarks }),
    readOnlyRootFilesystem,
    podSecurity: user === 0 ? "baseline" : undefined,
    runAsUser: user,
  };
}

function isReadOnly({ securityContext }: ContainerObject): boolean {
  return securityContext?.readOnlyRootFilesystem === true;
}

/** Where it is not what Kubernetes does anyway, which the API server writes into each container. */
function pullPolicyOf({ image = "", imagePullPolicy }: ContainerObject): string | undefined {
  const isLatest = !image.includes("@") && !/:(?!latest$)[^/:]+$/.test(image);
  return imagePullPolicy === (isLatest ? "Always" : "IfNotPresent") ? undefined : imagePullPolicy;
}

/** @param keys Keys, and prefixes that end in "/". */
function without(
  values: Readonly<Record<string, string>> = {},
  keys: readonly string[],
): Record<string, string> {
  const isOne = (name: string) =>
    keys.some((key) => (key.endsWith("/") ? name.startsWith(key) : key === name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isOne(name)));
}

/** Maps with keys of any name. */
const FREE = ["env", "volumes", "labels", "annotations", "requests", "limits"];
/** Maps that mean none if they are empty, and the default if they are not there. */
const NONE_IF_EMPTY = ["requests", "limits", "emptyDir"];

/** Settings that differ from the defaults, and null for what the defaults say and the model has not. */
function withoutDefaults(own: Values, defaults: Values, builtIn: Values = BUILT_IN): Values {
  const entries = Object.entries(own).flatMap(([key, value]): [string, unknown][] => {
    const base = defaults[key];
    if (value === undefined) return base === undefined ? [] : [[key, null]];
    if (!isMap(value))
      return JSON.stringify(value) === JSON.stringify(base ?? builtIn[key]) ? [] : [[key, value]];
    const more = FREE.includes(key) ? Object.keys(mapOf(base)).filter((name) => !(name in value)) : [];
    const inner = {
      ...withoutDefaults(value, mapOf(base), mapOf(builtIn[key])),
      ...Object.fromEntries(more.map((name) => [name, null])),
    };
    const isNone = NONE_IF_EMPTY.includes(key) && Object.keys(value).length === 0;
    return isNone || Object.keys(inner).length > 0 ? [[key, inner]] : [];
  });
  return Object.fromEntries(entries);
}

const BUILT_IN: Values = { ...MODEL_DEFAULTS, readiness: readiness.parse({}), liveness: liveness.parse({}) };

function mapOf(value: unknown): Values {
  return isMap(value) ? value : {};
}

function remarkOnService({ id, services, autoscalers }: OldModel, remarks: Remarks): void {
  for (const { metadata, spec } of services) {
    const type = spec?.type ?? "ClusterIP";
    if (type !== "ClusterIP")
      remarks.note(
        `its Service ${metadata.name} is a ${type}, and that of a model a ClusterIP: clients of it must use the route`,
      );
  }
  for (const name of autoscalers)
    remarks.note(
      `HorizontalPodAutoscaler ${name} scales the old Deployment, and the new one has replicas: set catalog.${id}.maxReplicas in place of it, and delete the autoscaler`,
    );
}

/** Checks the settings that the model would have, and names the resources that its Deployment has not. */
function compare(
  id: string,
  entry: Values,
  { defaults, pathPrefix }: FleetView,
  own: NonNullable<ContainerObject["resources"]>,
  remarks: Remarks,
): void {
  const whole = merge(
    { ...MODEL_DEFAULTS, path: modelPath(pathPrefix, id) },
    withoutNulls(merge(defaults, entry)),
  );
  const { data, problems } = check<ModelSettings>(model, whole, `catalog.${id}`);
  for (const problem of problems) remarks.problem(problem);
  for (const list of ["requests", "limits"] as const)
    for (const [name, amount] of Object.entries(data?.resources[list] ?? {}))
      if (own[list]?.[name] === undefined)
        remarks.note(
          `it has no ${name} in resources.${list}, where a model has ${amount} by default; set another amount if that is wrong`,
        );
}
