import { isDeepStrictEqual } from "node:util";
import { isFleetName } from "../fleet/names";
import { type Announcement, type Kind, type ObjectName, pathOf } from "../fleet/objects";
import { isOwn, type ObjectMeta, selectorLabels, VERSION_OF } from "../fleet/owner";
import { type Api, type ClusterChoice, connect, NoResponse, unexpectedStatus } from "../kubernetes/api";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import { undoDrift } from "./drift";

/** The fleet's stack, namespace and cluster, and the objects that it may adopt. */
export interface OwnershipArgs {
  readonly stack: string;
  readonly namespace: string;
  readonly cluster: ClusterChoice;
  /** Existing objects that the fleet may take over, as `kind/name`. */
  readonly adopt: readonly string[];
}

/** What was found in the cluster. */
export interface Ownership {
  /** Whether the fleet manages the namespace: it is missing, or this stack made it. */
  readonly managesNamespace: boolean;
  /** Names of the stack's Secret versions, including those that no pod needs. */
  readonly secretVersions: readonly string[];
}

/**
 * Checks that every announced name is free or the stack's own, before anything is registered: an object that is applied
 * with force would silently take over another team's object of the same name.
 *
 * @throws pulumi.RunError that names each object of other owners, or says why the cluster does not respond
 */
export async function checkOwnership(
  args: OwnershipArgs,
  announcements: readonly Announcement[],
): Promise<Ownership> {
  let writes = false;
  try {
    const api = connect(args.cluster);
    const announced = new Set<string>(announcements.map(({ object }) => object));
    const [managesNamespace, existing] = await Promise.all([
      isOwnNamespace(api, args),
      objectsOf(api, kindsOf(announcements), args.namespace),
    ]);
    const objects = existing.filter(({ object }) => announced.has(object));
    const foreign = objects.filter(({ metadata }) => !isOwn(metadata, args.stack));
    const taken = foreign.map(({ object }) => object).filter((object) => !args.adopt.includes(object));
    if (taken.length > 0) throw new UserError(takenReport(taken.sort(), args));
    await refuseOtherSelectors(api, foreign, args);
    writes = true;
    await undoDrift(api, objects, args);
    return { managesNamespace, secretVersions: versionsAmong(existing, args.stack) };
  } catch (error) {
    if (!(error instanceof NoResponse) || writes) throw asRunError(error);
    throw asRunError(new UserError(`${error.message}; no object of the fleet was changed`));
  }
}

async function isOwnNamespace(api: Api, { namespace, stack }: OwnershipArgs): Promise<boolean> {
  const { status, body } = await api.get(`/api/v1/namespaces/${namespace}`);
  if (status === 404) return true;
  // A user who may not read a namespace may not create one either: it is used as it is.
  if (status === 403) return false;
  if (status !== 200) throw unexpectedStatus(api, `get namespace ${namespace}`, status, body);
  return isOwn((body as { metadata?: ObjectMeta }).metadata ?? {}, stack);
}

interface Existing {
  readonly kind: Kind;
  /** As `adopt` names it: `kind/name`. */
  readonly object: ObjectName;
  readonly metadata: ObjectMeta;
}

function kindsOf(announcements: readonly Announcement[]): Kind[] {
  return [...new Set(announcements.map(({ object }) => object.split("/")[0] as Kind))];
}

/** The objects of these kinds in the namespace, their metadata only. */
async function objectsOf(api: Api, kinds: readonly Kind[], namespace: string): Promise<Existing[]> {
  return (await Promise.all(kinds.map((kind) => objectsOfKind(api, kind, namespace)))).flat();
}

async function objectsOfKind(api: Api, kind: Kind, namespace: string): Promise<Existing[]> {
  const { status, body } = await api.listMetadata(pathOf(kind, namespace));
  if (status === 404 && kind === "middleware") {
    throw new UserError(
      "ingress.className: traefik strips a model's path with a Middleware, and the cluster has no such kind; " +
        "install Traefik with its custom resource definitions, or set ingress.className to nginx",
    );
  }
  if (status === 404) return [];
  if (status !== 200) throw unexpectedStatus(api, `list ${kind} in namespace ${namespace}`, status, body);
  const items = (body as { items?: readonly { metadata?: ObjectMeta }[] }).items ?? [];
  return items.map(({ metadata = {} }) => ({ kind, object: `${kind}/${metadata.name ?? ""}`, metadata }));
}

/** The stack's Secret versions, including those of models that are not announced any more. */
function versionsAmong(existing: readonly Existing[], stack: string): string[] {
  return existing
    .filter(({ kind, metadata }) => kind === "secret" && isOwn(metadata, stack))
    .filter(({ metadata }) => metadata.annotations?.[VERSION_OF] !== undefined)
    .map(({ metadata }) => metadata.name ?? "");
}

/** Refuses to take over a Deployment with another selector than the fleet's: a selector is immutable. */
async function refuseOtherSelectors(
  api: Api,
  adopted: readonly Existing[],
  { namespace, stack }: OwnershipArgs,
): Promise<void> {
  const names = adopted
    .filter(({ kind }) => kind === "deployment")
    .map(({ metadata }) => metadata.name ?? "");
  const problems = await Promise.all(
    names.map(async (name) => {
      const { status, body } = await api.get(pathOf("deployment", namespace, name));
      // Deleted since it was listed.
      if (status === 404) return [];
      if (status !== 200)
        throw unexpectedStatus(api, `get deployment ${name} in namespace ${namespace}`, status, body);
      const selector = (body as { spec?: { selector?: unknown } }).spec?.selector;
      if (isDeepStrictEqual(selector, { matchLabels: selectorLabels(name, stack) })) return [];
      const fix = `\`kubectl delete deployment ${name} --namespace ${namespace}\``;
      return [`  deployment/${name}: has another selector, which is immutable; delete it first: ${fix}`];
    }),
  );
  if (problems.flat().length === 0) return;
  throw new UserError(
    `not every object can be taken over; nothing was changed:\n${problems.flat().join("\n")}`,
  );
}

function takenReport(taken: readonly string[], { namespace, stack, adopt }: OwnershipArgs): string {
  const lines = taken.map((object, index) => {
    const fix = `pulumi config set --path 'adopt[${adopt.length + index}]' ${object}`;
    // Every fleet has an object of this name, so its owner is most likely another fleet.
    const instead = isFleetName(object.split("/")[1] ?? "")
      ? "give this fleet a namespace of its own"
      : "rename the model";
    return `  ${object}: exists already and was not made by this stack; ${instead}, or take the object over with \`${fix}\``;
  });
  const count = taken.length === 1 ? "1 object" : `${taken.length} objects`;
  return `${count} in namespace "${namespace}" would be overwritten by stack "${stack}"; nothing was changed:\n${lines.join("\n")}`;
}
