import type { types } from "@pulumi/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../../config/resolve";
import { FLEET_NAMES } from "../../fleet/names";
import type { Announcement } from "../../fleet/objects";
import { type Extras, metadata, type Scope } from "../metadata";
import { CONTROLLERS, stripExpressions, TRAEFIK_MIDDLEWARES } from "./controllers";
import { type Route, sortedByPath } from "./route";

/** Arguments of a {@link ModelIngress}. */
export interface ModelIngressArgs extends Scope, Extras {
  /** The settings of the Ingress. */
  readonly ingress: Fleet["ingress"];
  readonly routing: Pick<Fleet["routing"], "host" | "pathPrefix">;
  /** One per model: the Ingress is rendered from the whole list each time. */
  readonly routes: readonly Route[];
  /** Name of the Service that answers every path without a model. @default the ingress controller answers */
  readonly defaultService?: pulumi.Input<string> | undefined;
}

/** Announces the objects of a {@link ModelIngress}. The API server accepts no Ingress without a path. */
export function ingressObjects(
  { ingress }: Pick<Fleet, "ingress">,
  hasPaths: boolean,
): readonly Announcement[] {
  if (!hasPaths) return [];
  const by = "the Ingress";
  const { usesMiddleware } = CONTROLLERS[ingress.controller];
  return [
    { object: `ingress/${FLEET_NAMES.ingress}`, by },
    ...(usesMiddleware ? [{ object: `middleware/${FLEET_NAMES.stripPrefixMiddleware}`, by } as const] : []),
  ];
}

/**
 * The fleet's only Ingress, with a path per model. Without a model and a default backend there is no Ingress.
 *
 * @example
 * new ModelIngress("models", { ingress, routing, namespace: "models", stack: "prod", routes });
 */
export class ModelIngress extends pulumi.ComponentResource {
  constructor(name: string, args: ModelIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:ModelIngress", name, {}, opts);

    const paths = ingressPaths(args);
    if (paths.length > 0) {
      const controller = CONTROLLERS[args.ingress.controller];
      const annotations = {
        ...args.annotations,
        ...controller.annotations,
        ...args.ingress.annotations,
        ...(controller.usesMiddleware && this.createMiddleware(name, args)),
      };
      this.createIngress(name, args, annotations, paths);
    }
    this.registerOutputs({});
  }

  private createMiddleware(name: string, args: ModelIngressArgs): Record<string, pulumi.Output<string>> {
    const { labels, annotations } = args;
    const middleware = new CustomResource(
      name,
      {
        apiVersion: "traefik.io/v1alpha1",
        kind: "Middleware",
        metadata: metadata(args, { name: FLEET_NAMES.stripPrefixMiddleware, labels, annotations }),
        spec: { stripPrefixRegex: { regex: stripExpressions(args.routing.pathPrefix, args.routes) } },
      },
      { parent: this },
    );
    const { namespace, name: own } = middleware.metadata;
    // After the user's Middlewares, which see the path as the client sent it.
    const theirs = args.ingress.annotations[TRAEFIK_MIDDLEWARES];
    const before = theirs === undefined ? "" : `${theirs},`;
    return { [TRAEFIK_MIDDLEWARES]: pulumi.interpolate`${before}${namespace}-${own}@kubernetescrd` };
  }

  private createIngress(
    name: string,
    args: ModelIngressArgs,
    annotations: Readonly<Record<string, pulumi.Input<string>>>,
    paths: readonly types.input.networking.v1.HTTPIngressPath[],
  ): Ingress {
    const base = metadata(args, { name: FLEET_NAMES.ingress, labels: args.labels });
    const { host } = args.routing;
    return new Ingress(
      name,
      {
        metadata: { ...base, annotations: { ...annotations, ...base.annotations } },
        spec: {
          ingressClassName: args.ingress.className,
          rules: [{ ...(host !== undefined && { host }), http: { paths: [...paths] } }],
        },
      },
      { parent: this },
    );
  }
}

/**
 * The paths of the Ingress, one per model. The default backend has a path too: Traefik ignores `defaultBackend` if the
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
  const paths = sortedByPath(routes).map(({ path, service }) => ({
    ...controller.path(path),
    backend: backend(service),
  }));
  return defaultService === undefined
    ? paths
    : [...paths, { ...controller.rest, backend: backend(defaultService) }];
}
