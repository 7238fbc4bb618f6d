import type * as pulumi from "@pulumi/pulumi";

/** The path and the Service of a model, for any way of routing. */
export interface Route {
  /** Model ID. */
  readonly id: string;
  /** Path without a trailing slash, such as `/models/iris`; it is stripped before the model sees the request. */
  readonly path: string;
  /** Name of the Service, port `http`. */
  readonly service: pulumi.Input<string>;
  /** What must be ready before requests may come this way. @default nothing: until then, the path answers 503 */
  readonly after?: pulumi.Resource | undefined;
}

/** Routes sorted by path, so that reordering the list of models makes no diff. */
export function sortedByPath(routes: readonly Route[]): Route[] {
  return [...routes].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The URL of each model, by ID.
 *
 * @param url How clients reach the ingress controller, without a trailing slash. @default URLs are paths
 */
export function modelUrls(
  models: readonly Pick<Route, "id" | "path">[],
  url: string | undefined,
): Record<string, string> {
  return Object.fromEntries(models.map(({ id, path }) => [id, `${url ?? ""}${path}`]));
}
