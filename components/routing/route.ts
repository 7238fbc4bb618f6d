import type * as pulumi from "@pulumi/pulumi";
import { type Model, variantsOf } from "../../config/resolve";
import { modelNames, modelPaths } from "../../fleet/names";

/** A model's paths and the Services behind them, for any way of routing. */
export interface Route {
  /** Model ID. */
  readonly id: string;
  /**
   * Paths without a trailing slash, such as `/models/iris`: the model's own first, then its aliases. They are stripped
   * before the model sees the request.
   */
  readonly paths: readonly string[];
  /** Host name on which the model alone answers, at `/`. @default none */
  readonly host?: string | undefined;
  /** How long a request may take, in seconds. @default the controller's own limit */
  readonly timeoutSeconds?: number | undefined;
  /** One per variant, the champion first. */
  readonly backends: readonly Backend[];
}

/** A variant of a model, as requests reach it. */
export interface Backend {
  /** Name of the variant. */
  readonly variant: string;
  /** Name of the Service, port `http`. */
  readonly service: pulumi.Input<string>;
  /** Share of the requests, per cent: all backends of a route together have 100. With 0, it gets no share. */
  readonly weight: number;
  /** Share of the requests that it gets a copy of, per cent. @default none */
  readonly mirrorPercent?: number | undefined;
  /** Requests with all of these headers go here. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The Service itself, which must be there before requests may come this way. @default this update leaves it as it is */
  readonly object?: pulumi.CustomResource | undefined;
  /** The Deployment, whose pods must be ready before requests may come this way. @default this update leaves it as it is */
  readonly ready?: pulumi.Resource | undefined;
}

/** The route of a model whose objects this update leaves as they are. */
export function existingRoute(model: Model<unknown>): Route {
  const { id, host } = model;
  const backends = variantsOf(model).map(({ variant, weight, mirrorPercent, headers }) => {
    return { variant, service: modelNames(id, variant).service, weight, mirrorPercent, headers };
  });
  return { id, paths: modelPaths(model), host, backends };
}

/** One path of a model, with the champion's Service. */
export interface RoutedPath {
  readonly path: string;
  readonly service: pulumi.Input<string>;
}

/** Every path with the Service of its model's champion, sorted, so that reordering the list of models makes no diff. */
export function championPaths(routes: readonly Route[]): RoutedPath[] {
  return routes
    .flatMap(({ paths, backends: [champion] }) =>
      champion === undefined ? [] : paths.map((path) => ({ path, service: champion.service })),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The URL of each model, by ID: that of its own host, if it has one.
 *
 * @param routing How clients reach the controller, without a trailing slash (`url`; by default, URLs are paths), and
 *   whether by HTTPS.
 */
export function modelUrls(
  models: readonly { readonly id: string; readonly path: string; readonly host?: string | undefined }[],
  { url = "", tls }: { readonly url?: string | undefined; readonly tls?: object | undefined },
): Record<string, string> {
  const scheme = tls === undefined ? "http" : "https";
  return Object.fromEntries(
    models.map(({ id, path, host }) => [id, host === undefined ? `${url}${path}` : `${scheme}://${host}`]),
  );
}
