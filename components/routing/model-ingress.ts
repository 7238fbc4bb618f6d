import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import * as pulumi from "@pulumi/pulumi";
import { FLEET_NAMES } from "../../fleet/names";
import { metadata, type Placement } from "../metadata";
import { DefaultBackend } from "./default-backend";
import {
  type Controller,
  ingressPaths,
  NGINX_ANNOTATIONS,
  type Route,
  stripExpressions,
  TRAEFIK_MIDDLEWARES,
} from "./routes";

/** Arguments of a {@link ModelIngress}. */
export interface ModelIngressArgs extends Placement {
  /**
   * Which IngressClass serves it.
   * @see https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
   */
  readonly className: string;
  /** Whose annotations strip a model's path. */
  readonly controller: Controller;
  /** Host that it answers for. @default every host */
  readonly host?: string | undefined;
  /** What stands before a model's ID in its path. */
  readonly pathPrefix: string;
  /** Further annotations of the Ingress. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Answers what is no model's path. @default the controller's own answer */
  readonly defaultBackend?: { readonly image: string } | undefined;
  /** Name of the Secret with which the default backend's image is pulled. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
  /** One a model: the whole list, rendered anew each time. */
  readonly routes: readonly Route[];
  /** How clients reach the Ingress, without a slash at its end. @default URLs are paths */
  readonly url?: string | undefined;
}

/**
 * The fleet's one Ingress, with a path for each model. Without a model and a default backend there is none: the API
 * server takes no Ingress that routes nothing.
 *
 * @example
 * new ModelIngress("models", { ...ingress, namespace: "models", stack: "prod", routes });
 */
export class ModelIngress extends pulumi.ComponentResource {
  /** URL of each model, by ID. */
  readonly urls: Readonly<Record<string, string>>;

  constructor(name: string, args: ModelIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:ModelIngress", name, {}, opts);

    const fallback = args.defaultBackend && this.createDefaultBackend(args, args.defaultBackend.image);
    if (args.routes.length > 0 || fallback !== undefined) {
      const annotations =
        args.controller === "traefik"
          ? { ...args.annotations, ...this.createMiddleware(name, args) }
          : { ...NGINX_ANNOTATIONS, ...args.annotations };
      this.createIngress(name, args, annotations, fallback?.serviceName);
    }

    this.urls = Object.fromEntries(args.routes.map(({ id, path }) => [id, `${args.url ?? ""}${path}`]));
    this.registerOutputs({ urls: this.urls });
  }

  private createDefaultBackend(args: ModelIngressArgs, image: string): DefaultBackend {
    const models = args.routes.map(({ id }) => id);
    const { namespace, stack, pullSecret } = args;
    return new DefaultBackend(
      "default-backend",
      { namespace, stack, pullSecret, image, models },
      { parent: this },
    );
  }

  private createMiddleware(name: string, args: ModelIngressArgs): Record<string, pulumi.Output<string>> {
    const middleware = new CustomResource(
      name,
      {
        apiVersion: "traefik.io/v1alpha1",
        kind: "Middleware",
        metadata: metadata(args, { name: FLEET_NAMES.stripPrefixMiddleware }),
        spec: { stripPrefixRegex: { regex: stripExpressions(args.pathPrefix, args.routes) } },
      },
      { parent: this },
    );
    const { namespace, name: own } = middleware.metadata;
    // After those of the user, which see the path as it was sent.
    const theirs = args.annotations[TRAEFIK_MIDDLEWARES];
    const before = theirs === undefined ? "" : `${theirs},`;
    return { [TRAEFIK_MIDDLEWARES]: pulumi.interpolate`${before}${namespace}-${own}@kubernetescrd` };
  }

  private createIngress(
    name: string,
    args: ModelIngressArgs,
    annotations: Readonly<Record<string, pulumi.Input<string>>>,
    fallback: pulumi.Input<string> | undefined,
  ): Ingress {
    const base = metadata(args, { name: FLEET_NAMES.ingress });
    return new Ingress(
      name,
      {
        metadata: { ...base, annotations: { ...annotations, ...base.annotations } },
        spec: {
          ingressClassName: args.className,
          rules: [
            {
              ...(args.host !== undefined && { host: args.host }),
              http: { paths: ingressPaths(args.controller, args.routes, fallback) },
            },
          ],
        },
      },
      { parent: this },
    );
  }
}
