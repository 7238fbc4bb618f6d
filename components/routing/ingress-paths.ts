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
  const backend = (name: pulumi.Input<string>) => ({ service: { name, port: { name: "http" } } });
  const paths = championPaths(routes).map(({ path, service }) => ({
    ...controller.path(path),
    backend: backend(service),
  }));
  return defaultService === undefined
    ? paths
    : [...paths, { ...controller.rest, backend: backend(defaultService) }];
}
