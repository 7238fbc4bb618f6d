import { check } from "../../config/explain";
import { isMap, merge, withoutNulls } from "../../config/merge";
import { model, MODEL_DEFAULTS, type ModelSettings } from "../../config/model-schema";
import { namedObjects } from "../../config/needed";
import { type EnvValue, textsOf } from "../../config/settings/environment";
import { modelPath } from "../../fleet/names";
import { isClusterWide, NEEDED_KINDS } from "../../fleet/needed";
import { RESERVED_ANNOTATIONS, RESERVED_LABELS } from "../../fleet/owner";
import { podsOf, scalerNote } from "./autoscalers";
import { carryOthers, namesOf, othersOf, renameReferences, serverOf } from "./containers";
import { withoutDefaults } from "./defaults";
import { type Environment, environmentOf, type Sources } from "./environment";
import { carryContainer, carryDeployment, carryPod, pullPolicyOf } from "./fields";
import type { FleetView } from "./fleet";
import type { AutoscalerObject, ContainerObject, DeploymentObject, ServiceObject } from "./objects";
import { carryClaims, carryPlacement } from "./placement";
import { carryProbes, DEFAULT_READINESS_PATH, startupSecondsOf } from "./probes";
import { Draft, type Remarks } from "./remarks";
import { type OldRoute, pathsOfModel, portOfModel } from "./routes";
import { refuseSecrets } from "./secrets";
import { carrySecurity } from "./security";
import { carryVolumes } from "./volumes";

/** What others made for one model. */
export interface OldModel {
  readonly id: string;
  readonly deployment: DeploymentObject;
  /** The Services that select its pods. */
  readonly services: readonly ServiceObject[];
  readonly routes: readonly OldRoute[];
  /** What scales it. */
  readonly autoscalers: readonly AutoscalerObject[];
  /** How long its slowest pod took to become ready, in seconds; undefined if none is ready. */
  readonly startedIn: number | undefined;
}

/** A model as the settings are to say it. */
export interface Adoption extends Pick<Remarks, "notes" | "problems"> {
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
/** The annotation with the container that kubectl means by default. */
const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

/** Writes the catalog entry that reproduces a Deployment, and says what it does not reproduce. */
export function adoptionOf(old: OldModel, fleet: FleetView, sources: Sources): Adoption {
  const draft = new Draft(old.id);
  const { id, deployment } = old;
  const server = serverOf(deployment.spec.template.spec, old.routes);
  carryTemplate(old, server, fleet, draft);
  const environment = environmentOf(server, sources, draft);
  const { env, secrets } = apart(environment, fleet.sharedSecrets);
  Object.assign(draft.settings, { env, ...pathsOfModel(id, old.routes, fleet, draft) });
  const entry = withoutDefaults(draft.settings, fleet.defaults);
  remarkOnService(old, draft);
  for (const scaler of old.autoscalers) draft.note(scalerNote(old, scaler));
  const home = isReadOnly(server) ? ["HOME"] : [];
  const added = ["MODEL_NAME", "PORT", ...home].filter((name) => !(name in env) && !(name in secrets));
  if (added.length > 0) draft.note(`its server gets ${added.join(" and ")} in addition`);
  refuseSecrets(entry, fleet, draft);
  remarkOnDefaults(entry, fleet, draft);
  const settings = checked(id, entry, fleet, draft);
  if (settings !== undefined) {
    remarkOnResources(settings, server.resources ?? {}, draft);
    remarkOnNeeds(settings, { from: deployment.metadata.namespace, to: fleet.namespace }, draft);
  }
  return { id, entry, secrets, notes: draft.notes, problems: draft.problems };
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

/** Carries over what the Deployment says, but the variables of its server. */
function carryTemplate(old: OldModel, server: ContainerObject, { defaults }: FleetView, draft: Draft): void {
  const { spec } = old.deployment;
  const { metadata = {}, spec: pod } = spec.template;
  const port = portOfModel(old.routes, server, draft);
  const isOpen = !isReadOnly(server);
  const selectors = old.services.map((service) => service.spec?.selector ?? {});
  const labels = without(metadata.labels, [...RESERVED_LABELS, ...selectors.flatMap(Object.keys)]);
  Object.assign(draft.settings, {
    ...{ image: server.image, command: server.command, args: server.args, port },
    imagePullPolicy:
      server.imagePullPolicy === pullPolicyOf(server.image) ? undefined : server.imagePullPolicy,
    readOnlyRootFilesystem: !isOpen,
    resources: { requests: server.resources?.requests ?? {}, limits: server.resources?.limits ?? {} },
    labels,
  });
  carryDeployment(spec, draft);
  carryPod(pod, draft);
  carryContainer(server, draft);
  const inherited = (merge({ path: DEFAULT_READINESS_PATH }, defaults["readiness"]) ?? {}) as Values;
  carryProbes({ container: server, port }, String(inherited["path"]), draft);
  const { labels: all = {} } = metadata;
  const gone = Object.keys(all).filter((key) => !(key in labels));
  carryPlacement(pod, { all, gone, selectors: [spec.selector?.matchLabels ?? {}, ...selectors] }, draft);
  carryClaims(pod, server, draft);
  const others = othersOf(pod, server);
  carrySecurity(pod, server, others, draft);
  const containers = namesOf(pod, server, draft);
  const volumes = carryVolumes(pod, server, draft, { hasTmp: !isOpen });
  carryOthers(pod, server, draft, { volumes, containers, isReadOnly: !isOpen });
  renameReferences(draft, containers);
  carryRest(old, server, defaults, draft);
  const annotations = without(metadata.annotations, [...RESERVED_ANNOTATIONS, ...LEFT_BY_TOOLS]);
  const { [DEFAULT_CONTAINER]: shown } = annotations;
  draft.settings["annotations"] =
    shown === undefined
      ? annotations
      : { ...annotations, [DEFAULT_CONTAINER]: containers.get(shown) ?? shown };
}

/** How many pods there are, how long they may take, and the Service. */
function carryRest(old: OldModel, server: ContainerObject, defaults: Values, draft: Draft): void {
  const { spec } = old.deployment;
  const pod = spec.template.spec;
  const [service] = old.services;
  const seconds = (key: string) => Number(defaults[key] ?? MODEL_DEFAULTS[key]);
  const times = {
    startedIn: old.startedIn,
    deadline: spec.progressDeadlineSeconds,
    otherwise: seconds("startupSeconds"),
  };
  // A startup probe begins when the init containers have ended.
  const isWhole = (pod.initContainers ?? []).length === 0;
  Object.assign(draft.settings, {
    replicas: podsOf(old),
    startupSeconds: Math.max(startupSecondsOf(server, times), isWhole ? 0 : startupSecondsOf({}, times)),
    drainSeconds: Math.max(pod.terminationGracePeriodSeconds ?? 0, seconds("drainSeconds")),
    service: {
      labels: without(service?.metadata.labels, RESERVED_LABELS),
      annotations: without(service?.metadata.annotations, [...RESERVED_ANNOTATIONS, ...LEFT_BY_TOOLS]),
    },
  });
}

function isReadOnly({ securityContext }: ContainerObject): boolean {
  return securityContext?.readOnlyRootFilesystem === true;
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

function remarkOnService({ services }: OldModel, draft: Draft): void {
  for (const { metadata, spec } of services) {
    const type = spec?.type ?? "ClusterIP";
    if (type !== "ClusterIP")
      draft.note(
        `its Service ${metadata.name} is a ${type}, and that of a model a ClusterIP: clients of it must use the route`,
      );
  }
}

/** Fields of `podSpec` are laid over those of `defaults`, which stay. */
function remarkOnDefaults({ podSpec }: Values, { defaults }: FleetView, draft: Draft): void {
  const shared = defaults["podSpec"];
  if (!isMap(podSpec) || !isMap(shared)) return;
  const more = Object.keys(shared).filter((key) => !(key in podSpec));
  if (more.length > 0) draft.note(`its pods get ${more.join(", ")} of defaults.podSpec in addition`);
}

/** The settings that the model would have, whose problems are said; undefined if they have some. */
function checked(
  id: string,
  entry: Values,
  { defaults, pathPrefix }: FleetView,
  draft: Draft,
): ModelSettings | undefined {
  const whole = merge(
    { ...MODEL_DEFAULTS, path: modelPath(pathPrefix, id) },
    withoutNulls(merge(defaults, entry)),
  );
  const { data, problems } = check<ModelSettings>(model, whole, `catalog.${id}`);
  for (const problem of problems) draft.problem(problem);
  return data;
}

/** Names the resources that the old Deployment has not. */
function remarkOnResources(
  { resources }: ModelSettings,
  own: NonNullable<ContainerObject["resources"]>,
  draft: Draft,
): void {
  for (const list of ["requests", "limits"] as const)
    for (const [name, amount] of Object.entries(resources[list]))
      if (own[list]?.[name] === undefined)
        draft.note(
          `it has no ${name} in resources.${list}, where a model has ${amount} by default; set another amount if that is wrong`,
        );
}

/** Names what the pods need of their namespace, if that will be another one. */
function remarkOnNeeds(
  settings: ModelSettings,
  { from, to }: { readonly from: string | undefined; readonly to: string },
  draft: Draft,
): void {
  if (from === undefined || from === to) return;
  const needed = namedObjects(settings).filter(({ kind }) => !isClusterWide(kind) && kind !== "namespace");
  const names = [...new Set(needed.map(({ kind, name }) => `${NEEDED_KINDS[kind].kind} ${name}`))].sort();
  if (names.length > 0)
    draft.note(
      `its pods need ${names.join(", ")} of namespace ${from}, and the fleet is in namespace ${to}: make the same there before the update`,
    );
}
