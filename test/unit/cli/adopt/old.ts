import { expect } from "vitest";
import { adoptionOf, type OldModel } from "../../../../cli/adopt/entry";
import type { FleetView } from "../../../../cli/adopt/fleet";
import type {
  AutoscalerObject,
  ContainerObject,
  PodSpec,
  RoutesObject,
  ServiceObject,
} from "../../../../cli/adopt/objects";
import { routesTo } from "../../../../cli/adopt/routes";
import { problems as problemsOf, withImage } from "../../../support/settings";

/** A fleet without models, behind Traefik. */
export const FLEET: FleetView = {
  ...{ namespace: "models", host: undefined, pathPrefix: "/models", tls: undefined },
  ...{ className: "traefik", controller: "traefik", registry: undefined },
  ...{ listed: [], paths: [], catalog: [], defaults: {}, sharedSecrets: [] },
};

export const SERVICE: ServiceObject = {
  metadata: { name: "iris-cluster-ip", namespace: "models", uid: "s", resourceVersion: "1" },
  spec: { selector: { app: "iris" }, ports: [{ port: 80, targetPort: 8080 }] },
};

/** An Ingress of a script. */
export function ingressOf(
  paths: readonly string[],
  {
    host,
    ...more
  }: { host?: string; service?: string; spec?: object; annotations?: Record<string, string> } = {},
): RoutesObject {
  const { service: name = "iris-cluster-ip", spec = {} } = more;
  const backend = { service: { name, port: { number: 80 } } };
  const strip = { "traefik.ingress.kubernetes.io/router.middlewares": "models-strip@kubernetescrd" };
  return {
    metadata: {
      ...{ name: "old", namespace: "models", uid: "i", resourceVersion: "7" },
      annotations: more.annotations ?? strip,
    },
    spec: {
      ingressClassName: "traefik",
      rules: [
        {
          ...(host !== undefined && { host }),
          http: { paths: paths.map((path) => ({ path, pathType: "Prefix", backend })) },
        },
      ],
      ...spec,
    },
  };
}

/** What of an old model is not as a script makes it. */
export interface OldOptions {
  readonly container?: Partial<ContainerObject>;
  readonly pod?: Partial<PodSpec>;
  readonly spec?: object;
  readonly template?: object;
  readonly services?: readonly ServiceObject[];
  readonly ingresses?: readonly RoutesObject[];
  readonly autoscalers?: readonly AutoscalerObject[];
  readonly startedIn?: number;
}

/** The model iris as a script made it: the least that works. */
export function oldIris({ container, pod, spec, template, ...more }: OldOptions = {}): OldModel {
  const services = more.services ?? [SERVICE];
  return {
    id: "iris",
    deployment: {
      metadata: { name: "iris-deployment", namespace: "models", uid: "d", resourceVersion: "1" },
      spec: {
        ...spec,
        template: {
          metadata: { labels: { app: "iris" }, ...template },
          spec: {
            containers: [
              {
                ...{ name: "server", image: "registry.example/iris:1", ports: [{ containerPort: 8080 }] },
                readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
                env: [
                  { name: "MODEL_NAME", value: "iris" },
                  { name: "PORT", value: "8080" },
                ],
                ...container,
              },
            ],
            ...pod,
          },
        },
      },
    },
    services,
    routes: routesTo(services, more.ingresses ?? [ingressOf(["/models/iris"])]),
    autoscalers: more.autoscalers ?? [],
    startedIn: more.startedIn,
  };
}

/** The model iris as settings. */
export const adopted = (old: OldOptions = {}, fleet: Partial<FleetView> = {}) =>
  adoptionOf(oldIris(old), { ...FLEET, ...fleet }, { secrets: new Map(), configMaps: new Map() });

/** What its entry has beside that of the least that works; fails if a preview would refuse it. */
export function entryOf(old: OldOptions): Record<string, unknown> {
  const { entry, problems } = adopted(old);
  expect(problems).toEqual([]);
  expect(problemsOf(withImage({ catalog: { iris: entry } }))).toEqual([]);
  const plain = adopted().entry;
  const isOther = ([key, value]: [string, unknown]) => JSON.stringify(plain[key]) !== JSON.stringify(value);
  return Object.fromEntries(Object.entries(entry).filter(isOther));
}

/** A container as the API server has it. */
export const served = (name: string, more: object = {}) => ({
  ...{ name, image: "registry.example/tools:1", imagePullPolicy: "IfNotPresent", resources: {} },
  ...{ terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" },
  ...more,
});

/** Fields that are laid over the server's container. */
export const overServer = (fields: object) => ({ podSpec: { containers: [{ name: "model", ...fields }] } });
