import { SERVER } from "../../fleet/names";
import { podsPath } from "../../fleet/objects";
import { unexpectedStatus } from "../../kubernetes/api";
import type { OpenFleet } from "../open-fleet";
import type { ModelPod } from "../pods";
import { type Line, linesIn } from "./lines";

/** Which part of a log to read. @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod */
export interface Part {
  /** That of the container before the current one. @default false */
  readonly previous?: boolean;
  /** Whether to wait for more lines until the container ends. @default false */
  readonly follow?: boolean;
  /** The time from which on to read, in RFC 3339; empty for the start. @default the start */
  readonly since?: string;
}

/**
 * Opens the log of a pod.
 *
 * @returns Its lines, or why there is no log, as the API server says it.
 * @throws UserError when the account may not read logs
 */
export async function openLog(
  { api, namespace }: Pick<OpenFleet, "api" | "namespace">,
  { metadata }: Pick<ModelPod, "metadata">,
  { previous = false, follow = false, since = "" }: Part,
): Promise<AsyncGenerator<Line> | string> {
  const query = new URLSearchParams({
    container: SERVER,
    timestamps: "true",
    ...(previous && { previous: "true" }),
    ...(follow && { follow: "true" }),
    ...(since !== "" && { sinceTime: since }),
  });
  const path = `${podsPath(namespace)}/${metadata.name}/log?${query.toString()}`;
  const { status, body } = await api.getStream(path);
  if (status === 200) return linesIn(body as AsyncIterable<string>);
  const what = `get pods/log of ${metadata.name}`;
  if (status === 401 || status === 403) throw unexpectedStatus(api, what, status, body);
  return (body as { readonly message?: string }).message || `status ${status}`;
}
