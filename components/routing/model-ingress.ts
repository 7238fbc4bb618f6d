import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import * as pulumi from "@pulumi/pulumi";
import type { Fleet, IngressRouting } from "../../config/resolve";
import { FLEET_NAMES, hostsOf } from "../../fleet/names";
import type { Announcement } from "../../fleet/objects";
import { type Extras, metadata, type Scope } from "../metadata";
import { CONTROLLERS, stripExpressions, TRAEFIK_MIDDLEWARES } from "./controllers";
import { hostRules, ingressPaths } from "./ingress-paths";
import type { Route } from "./route";

/** Arguments of a {@link ModelIngress}. */
export interface ModelIngressArgs extends Scope, Extras {
  /** The settings of the Ingress. */
  readonly ingress: Fleet["ingress"];
  readonly routing: Pick<Fleet["routing"], "host" | "pathPrefix"> &
    Partial<Pick<Fleet["routing"], "additionalHosts" | "formerPathPrefixes">> &
    IngressRouting;
  /** One per model: the Ingress is rendered from the whole list each time. */
  readonly routes: readonly Route[];
  /** IDs of models whose champion must be ready first. @default none: until then, their paths answer 503 */
  readonly awaits?: readonly string[] | undefined;
  /** Name of the Service that answers every path without a model. @default the ingress controller answers */
  readonly defaultService?: pulumi.Input<string> | undefined;
}

/** What a {@link ModelIngress} makes, announced. */
export function ingressObjects({
  ingress,
  routing,
}: Pick<Fleet, "ingress" | "routing">): readonly Announcement[] {
  const by = "the Ingress";
  const { usesMiddleware } = CONTROLLERS[ingress.controller];
  const middlewares = [
    FLEET_NAMES.stripPrefixMiddleware,
    ...(routing.tls?.redirect === true ? [FLEET_NAMES.redirectMiddleware] : []),
  ];
  return [
    { object: `ingress/${FLEET_NAMES.ingress}`, by },
    ...(usesMiddleware ? middlewares.map((name) => ({ object: `middleware/${name}`, by }) as const) : []),
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
      ...controller.annotations(args.routing),
      ...theirs,
      ...(controller.usesMiddleware && this.createMiddlewares(name, args, theirs)),
    });
    this.registerOutputs({});
  }

  /** The Middlewares, and the annotation that lists them. */
  private createMiddlewares(
    name: string,
    args: ModelIngressArgs,
    theirs: Readonly<Record<string, string>>,
  ): Record<string, pulumi.Output<string>> {
    const { pathPrefix, formerPathPrefixes = [], tls } = args.routing;
    // A request that comes by HTTPS passes it, and it is the same Ingress for both.
    const redirect =
      tls?.redirect === true
        ? this.createMiddleware(`${name}.redirect`, args, FLEET_NAMES.redirectMiddleware, {
            redirectScheme: { scheme: "https", permanent: true },
          })
        : undefined;
    const strip = this.createMiddleware(name, args, FLEET_NAMES.stripPrefixMiddleware, {
      stripPrefixRegex: { regex: stripExpressions([pathPrefix, ...formerPathPrefixes], args.routes) },
    });
    // Those of the user see the path as it was sent, by HTTPS.
    const all = [redirect, theirs[TRAEFIK_MIDDLEWARES], strip].filter((one) => one !== undefined);
    return { [TRAEFIK_MIDDLEWARES]: pulumi.all(all).apply((names) => names.join(",")) };
  }

  /** @returns How the annotation of an Ingress names it. */
  private createMiddleware(
    name: string,
    args: ModelIngressArgs,
    object: string,
    spec: object,
  ): pulumi.Output<string> {
    const { labels, annotations } = args;
    const middleware = new CustomResource(
      name,
      {
        apiVersion: "traefik.io/v1alpha1",
        kind: "Middleware",
        metadata: metadata(args, { name: object, labels, annotations }),
        spec,
      },
      { parent: this },
    );
    const { namespace, name: own } = middleware.metadata;
    return pulumi.interpolate`${namespace}-${own}@kubernetescrd`;
  }

  private createIngress(
    name: string,
    args: ModelIngressArgs,
    annotations: Readonly<Record<string, pulumi.Input<string>>>,
  ): Ingress {
    const base = metadata(args, { name: FLEET_NAMES.ingress, labels: args.labels });
    const { tls } = args.routing;
    const hosts = hostsOf(args.routing);
    const http = { paths: ingressPaths(args) };
    const ofModels = hostRules(args);
    const { routes, awaits = [] } = args;
    const awaited = routes.filter(({ id }) => awaits.includes(id));
    return new Ingress(
      name,
      {
        metadata: { ...base, annotations: { ...annotations, ...base.annotations } },
        spec: {
          ingressClassName: args.ingress.className,
          ...(tls && {
            tls: [
              {
                hosts: [...hosts.map((host) => host ?? ""), ...ofModels.map(({ host }) => host ?? "")],
                ...(tls.secretName && { secretName: tls.secretName }),
              },
            ],
          }),
          rules: [...hosts.map((host) => ({ ...(host !== undefined && { host }), http })), ...ofModels],
        },
      },
      { parent: this, dependsOn: awaited.flatMap(({ backends }) => backends[0]?.ready ?? []) },
    );
  }
}
