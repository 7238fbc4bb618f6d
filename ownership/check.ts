import { isDeepStrictEqual } from "node:util";
import { isFleetName, selectorLabels } from "../fleet/names";
import { type FleetShape, isOwn, type Kind, type ObjectMeta, pathOf, wantedObjects } from "../fleet/objects";
import { type Api, type ClusterChoice, connect, NoAnswer, refused } from "../kubernetes/api";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import { mendStrayPorts } from "./stray-ports";

/** The fleet, as far as it matters here. */
export interface ClaimArgs extends FleetShape {
  readonly stack: string;
  readonly namespace: string;
  readonly cluster: ClusterChoice;
  /** Objects of others that may be taken over, as `kind/name`. */
  readonly adopt: readonly string[];
}

/** What was found in the cluster. */
export interface Claim {
  /** Whether the namespace is the fleet's to make: it is missing, or this stack made it. */
  readonly ownsNamespace: boolean;
}

/**
 * Makes sure that every name which the fleet wants is free or its own, before anything is registered: applied with
 * force, an object would take over another team's of the same name without a word.
 *
 * @throws pulumi.RunError that names each object of others, or says why the cluster could not be asked
 */
export async function claimNames(args: ClaimArgs): Promise<Claim> {
  let writes = false;
  try {
    const api = connect(args.cluster);
    const wanted = wantedObjects(args);
    const kinds = [...new Set([...wanted].map((object) => object.split("/")[0] as Kind))];
    const [ownsNamespace, ...existing] = await Promise.all([
      mayMakeNamespace(api, args),
      ...kinds.map((kind) => existingObjects(api, kind, wanted, args)),
    ]);
    const objects = existing.flat();
    const foreign = objects.filter(({ metadata }) => !isOwn(metadata, args.stack));
    const taken = foreign.map(({ object }) => object).filter((object) => !args.adopt.includes(object));
    if (taken.length > 0) throw new UserError(takenReport(taken.sort(), args));
    await refuseOtherSelectors(api, foreign, args);
    const services = objects.filter(({ kind }) => kind === "service").map(({ metadata }) => metadata);
    writes = true;
    await mendStrayPorts(api, services, args);
    return { ownsNamespace };
  } catch (error) {
    if (!(error instanceof NoAnswer) || writes) throw asRunError(error);
    throw asRunError(new UserError(`${error.message}; no object of the fleet was changed`));
  }
}

async function mayMakeNamespace(api: Api, { namespace, stack }: ClaimArgs): Promise<boolean> {
  const { status, body } = await api.get(`/api/v1/namespaces/${namespace}`);
  if (status === 404) return true;
  // Whoever may not read a namespace may not make one either: it is used as it is.
  if (status === 403) return false;
  if (status !== 200) throw refused(api, `get namespace ${namespace}`, status, body);
  return isOwn((body as { metadata?: ObjectMeta }).metadata ?? {}, stack);
}

interface Existing {
  readonly kind: Kind;
  /** As `adopt` names it: `kind/name`. */
  readonly object: string;
  readonly metadata: ObjectMeta;
}

async function existingObjects(
  api: Api,
  kind: Kind,
  wanted: ReadonlySet<string>,
  { namespace }: ClaimArgs,
): Promise<Existing[]> {
  const { status, body } = await api.listMetadata(pathOf(kind, namespace));
  if (status === 404 && kind === "middleware") {
    throw new UserError(
      "ingress.className: traefik strips a model's path with a Middleware, and the cluster has no such kind; " +
        "install Traefik with its custom resource definitions, or set ingress.className to nginx",
    );
  }
  if (status === 404) return [];
  if (status !== 200) throw refused(api, `list ${kind} in namespace ${namespace}`, status, body);
  const items = (body as { items?: readonly { metadata?: ObjectMeta }[] }).items ?? [];
  return items
    .map(({ metadata = {} }) => ({ kind, object: `${kind}/${metadata.name}`, metadata }))
    .filter(({ object }) => wanted.has(object));
}

/** A Deployment can be taken over only with the selector that it has: Kubernetes lets nobody change that. */
async function refuseOtherSelectors(
  api: Api,
  adopted: readonly Existing[],
  { namespace, stack }: ClaimArgs,
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
        throw refused(api, `get deployment ${name} in namespace ${namespace}`, status, body);
      const selector = (body as { spec?: { selector?: unknown } }).spec?.selector;
      if (isDeepStrictEqual(selector, { matchLabels: selectorLabels(name, stack) })) return [];
      const fix = `\`kubectl delete deployment ${name} --namespace ${namespace}\``;
      return [
        `  deployment/${name}: selects its pods by other labels, which nobody can change; delete it first: ${fix}`,
      ];
    }),
  );
  if (problems.flat().length === 0) return;
  throw new UserError(
    `not every object can be taken over; nothing was changed:\n${problems.flat().join("\n")}`,
  );
}

function takenReport(taken: readonly string[], { namespace, stack, adopt }: ClaimArgs): string {
  const lines = taken.map((object, index) => {
    const fix = `pulumi config set --path 'adopt[${adopt.length + index}]' ${object}`;
    // Of an object that every fleet has one of, the owner is most likely another fleet.
    const instead = isFleetName(object.split("/")[1] ?? "")
      ? "give this fleet a namespace of its own"
      : "rename the model";
    return `  ${object}: exists already and was not made by this stack; ${instead}, or take the object over with \`${fix}\``;
  });
  const count = taken.length === 1 ? "1 object" : `${taken.length} objects`;
  return `${count} in namespace "${namespace}" would be overwritten by stack "${stack}"; nothing was changed:\n${lines.join("\n")}`;
}
