import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { CONTROLLERS } from "./controllers";
import type { ModelIngressArgs } from "./model-ingress";
import { championPaths } from "./route";

/**
 * The paths of the Ingress, each to the champion of its model. The default backend has a path too: Traefik ignores `defaultBackend` if the
 * Ingress has rules, and ingress-nginx honours it on some hosts only.
 */
export function ingressPaths({
  ingress,
  routes,
  defaultService,
}: Pick<
  ModelIngressArgs,
  "ingress" | "routes" | "defaultService"
>): types.input.networking.v1.HTTPIngressPath[] {
  const controller = CONTROLLERS[ingress.controller];
  const paths = championPaths(routes).map(({ path, service }) => ({
    ...controller.path(path),
    backend: backend(service),
  }));
  return defaultService === undefined
    ? paths
    : [...paths, { ...controller.rest, backend: backend(defaultService) }];
}

/** The rules for the hosts of single models, sorted by host: all that comes there is the model's. */
export function hostRules({
  ingress,
  routes,
}: Pick<ModelIngressArgs, "ingress" | "routes">): types.input.networking.v1.IngressRule[] {
  const { rest } = CONTROLLERS[ingress.controller];
  return routes
    .flatMap(({ host, backends: [champion] }) =>
      host === undefined || champion === undefined
        ? []
        : [{ host, http: { paths: [{ ...rest, backend: backend(champion.service) }] } }],
    )
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}

function backend(name: pulumi.Input<string>) {
  return { service: { name, port: { name: "http" } } };
}
