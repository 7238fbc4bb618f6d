import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../../config/resolve";
import { FLEET_NAMES } from "../../fleet/names";
import type { Announcement } from "../../fleet/objects";
import { type Extras, metadata, type Scope } from "../metadata";
import { CONTROLLERS, stripExpressions, TRAEFIK_MIDDLEWARES } from "./controllers";
import { ingressPaths } from "./ingress-paths";
import type { Route } from "./route";

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

/** What a {@link ModelIngress} makes, announced. */
export function ingressObjects({ ingress }: Pick<Fleet, "ingress">): readonly Announcement[] {
  const by = "the Ingress";
  const { usesMiddleware } = CONTROLLERS[ingress.controller];
  return [
    { object: `ingress/${FLEET_NAMES.ingress}`, by },
    ...(usesMiddleware ? [{ object: `middleware/${FLEET_NAMES.stripPrefixMiddleware}`, by } as const] : []),
  ];
}

/**
 * The fleet's one Ingress, with a path for each model and one for the default backend.
 *
 * @example
 * new ModelIngress("models", { ingress, routing, namespace: "models", stack: "prod", routes });
 */
export class ModelIngress extends pulumi.ComponentResource {
  constructor(name: string, args: ModelIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:ModelIngress", name, {}, opts);

    const controller = CONTROLLERS[args.ingress.controller];
    const theirs = { ...args.annotations, ...args.ingress.annotations };
    this.createIngress(name, args, {
      ...controller.annotations,
      ...theirs,
      ...(controller.usesMiddleware && this.createMiddleware(name, args, theirs)),
    });
    this.registerOutputs({});
  }

  private createMiddleware(
    name: string,
    args: ModelIngressArgs,
    theirs: Readonly<Record<string, string>>,
  ): Record<string, pulumi.Output<string>> {
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
    // After those of the user, which see the path as it was sent.
    const others = theirs[TRAEFIK_MIDDLEWARES];
    const before = others === undefined ? "" : `${others},`;
    return { [TRAEFIK_MIDDLEWARES]: pulumi.interpolate`${before}${namespace}-${own}@kubernetescrd` };
  }

  private createIngress(
    name: string,
    args: ModelIngressArgs,
    annotations: Readonly<Record<string, pulumi.Input<string>>>,
  ): Ingress {
    const base = metadata(args, { name: FLEET_NAMES.ingress, labels: args.labels });
    const { host } = args.routing;
    return new Ingress(
      name,
      {
        metadata: { ...base, annotations: { ...annotations, ...base.annotations } },
        spec: {
          ingressClassName: args.ingress.className,
          rules: [{ ...(host !== undefined && { host }), http: { paths: ingressPaths(args) } }],
        },
      },
      { parent: this, dependsOn: args.routes.flatMap(({ after }) => after ?? []) },
    );
  }
}
