import { dockerConfig } from "../../components/docker-config";
import { metadata } from "../../components/metadata";
import { deploymentSpec } from "../../components/pod/deployment";
import { serviceSpec } from "../../components/pod/service";
import { ingressPaths, NGINX_ANNOTATIONS } from "../../components/routing/routes";
import { resolveFleet } from "../../config/settings";
import { FLEET_NAMES, modelNames, namespaceLabels } from "../../fleet/names";
import { BENCH_STACK, type BenchFleet, IMAGE, REGISTRY } from "./fleet";

/** A Kubernetes object as it stands in a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What one model consists of. */
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
  readonly pullSecret: Manifest;
  readonly models: readonly ModelManifests[];
  readonly ingress: Manifest;
}

/**
 * The objects that modelfleet makes of a fleet, for contenders that take manifests: rendered by the program's own pure
 * functions, less the annotations by which it steers Pulumi.
 */
export function renderFleet({ namespace, models }: BenchFleet): FleetManifests {
  const resolved = resolveFleet({
    models: JSON.stringify(models),
    defaults: JSON.stringify({ image: IMAGE }),
  });
  const object = (apiVersion: string, kind: string, name: string, app: string, rest: object): Manifest => {
    const { labels } = metadata({ namespace, stack: BENCH_STACK }, { name, app });
    return { apiVersion, kind, metadata: { name, namespace, labels }, ...rest };
  };
  const routes = resolved.models.map(({ id, path }) => ({ id, path, service: modelNames(id).service }));
  const paths = ingressPaths("nginx", routes);
  const ingress = object("networking.k8s.io/v1", "Ingress", FLEET_NAMES.ingress, FLEET_NAMES.ingress, {
    spec: { ingressClassName: "nginx", rules: [{ http: { paths } }] },
  });
  const { server, username, password } = REGISTRY;
  return {
    namespace: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: namespaceLabels(namespace, BENCH_STACK) },
    },
    pullSecret: object("v1", "Secret", FLEET_NAMES.pullSecret, FLEET_NAMES.pullSecret, {
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": dockerConfig(server, username, password) },
    }),
    models: resolved.models.map((model, index) => {
      const { id } = model;
      const names = modelNames(id);
      const spec = deploymentSpec({
        ...model,
        name: id,
        stack: BENCH_STACK,
        env: { MODEL_NAME: id, PORT: String(model.port), ...model.env },
        envFromSecret: names.secret,
        annotations: { "modelfleet.dev/secret-checksum": "none" },
        pullSecret: FLEET_NAMES.pullSecret,
      });
      return {
        secret: object("v1", "Secret", names.secret, id, { type: "Opaque" }),
        deployment: object("apps/v1", "Deployment", names.deployment, id, { spec }),
        service: object("v1", "Service", names.service, id, { spec: serviceSpec(id, BENCH_STACK) }),
        path: paths[index] as object,
      };
    }),
    ingress: {
      ...ingress,
      metadata: { ...ingress.metadata, annotations: NGINX_ANNOTATIONS },
    },
  };
}

/** All objects, in the order in which they can be created. */
export function inOrder({ namespace, pullSecret, models, ingress }: FleetManifests): Manifest[] {
  const all = models.flatMap(({ secret, deployment, service }) => [secret, deployment, service]);
  return [namespace, pullSecret, ...all, ingress];
}
