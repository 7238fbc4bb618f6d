import { createFleet } from "../../components/fleet";
import { resolveFleet } from "../../config/resolve";
import { FLEET_NAMES, modelNames } from "../../fleet/names";
import { type Manifest, manifests, registered } from "../registered";
import { BENCH_STACK, type BenchFleet, IMAGE, INGRESS, REGISTRY } from "./fleet";

/** The objects of one model. */
export interface ModelManifests {
  readonly secret: Manifest;
  readonly deployment: Manifest;
  readonly service: Manifest;
  /** Its path in the Ingress. */
  readonly path: object;
}

/** The whole fleet as manifests. */
export interface FleetManifests {
  readonly namespace: Manifest;
  readonly pullSecrets: readonly Manifest[];
  readonly models: readonly ModelManifests[];
  readonly ingress: Manifest;
}

/** The manifests of a fleet, rendered by modelfleet itself, for contenders that apply manifests. */
export async function renderFleet({ namespace, models }: BenchFleet): Promise<FleetManifests> {
  const settled = resolveFleet({
    models: JSON.stringify(models),
    namespace,
    defaults: JSON.stringify({ image: IMAGE }),
    registry: JSON.stringify(REGISTRY),
  });
  const fleet = { ...settled, ingress: { ...settled.ingress, ...INGRESS } };
  const resources = await registered(() => {
    createFleet({ ...fleet, stack: BENCH_STACK }, { managesNamespace: true });
  });
  const made = new Map(manifests(resources).map((object) => [nameOf(object), forOthers(object)]));
  const get = (kind: string, name: string) => {
    const object = made.get(`${kind}/${name}`);
    if (object === undefined) throw new Error(`the program makes no ${kind}/${name}`);
    return object;
  };
  const ingress = get("Ingress", FLEET_NAMES.ingress);
  const paths = pathsOf(ingress);
  return {
    namespace: get("Namespace", namespace),
    pullSecrets: [...made.values()].filter(
      ({ kind, metadata }) => kind === "Secret" && metadata.name.startsWith(FLEET_NAMES.pullSecret),
    ),
    // The benchmark's IDs and their paths have the same order.
    models: fleet.models.map(({ id }, index) => ({
      secret: get("Secret", modelNames(id).secret),
      deployment: get("Deployment", modelNames(id).deployment),
      service: get("Service", modelNames(id).service),
      path: paths[index] ?? {},
    })),
    ingress,
  };
}

/** All objects, in the order in which they can be created. */
export function inOrder({ namespace, pullSecrets, models, ingress }: FleetManifests): Manifest[] {
  const all = models.flatMap(({ secret, deployment, service }) => [secret, deployment, service]);
  return [namespace, ...pullSecrets, ...all, ingress];
}

function nameOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

/** Removes Pulumi's annotations, and owners, whose UIDs come from the mocks. */
function forOthers(object: Manifest): Manifest {
  const { annotations = {}, ...metadata } = object.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith("pulumi.com/"));
  const own = { ...metadata, annotations: Object.fromEntries(kept), ownerReferences: undefined };
  return { ...object, metadata: own };
}

function pathsOf(ingress: Manifest): readonly object[] {
  const { rules } = ingress["spec"] as { rules: readonly { http: { paths: readonly object[] } }[] };
  return rules.flatMap(({ http }) => http.paths);
}
