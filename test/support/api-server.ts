import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { ClusterChoice } from "../../kubernetes/api";

/** A response of an API server: a status, and a body that is JSON or, as a string, text. */
export type Reply = readonly [status: number, body: object | string];

/** A kubeconfig of one cluster and one user. */
export function kubeconfigOf(server: string, user: object = {}, cluster: object = {}): string {
  return JSON.stringify({
    "current-context": "x",
    clusters: [{ name: "c", cluster: { server, ...cluster } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user }],
  });
}

/** An API server that answers these requests, such as `GET /api/v1/...`, and 404 to all others. It ends with the test. */
export async function apiServer(
  replies: Readonly<Record<string, Reply>>,
): Promise<{ readonly cluster: ClusterChoice; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    asked.push(line);
    const [status, body] = replies[line] ?? [404, { message: `no reply to ${line}` }];
    const [type, text] =
      typeof body === "string" ? ["text/plain", body] : ["application/json", JSON.stringify(body)];
    response.writeHead(status, { "content-type": type }).end(text);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    cluster: {
      kubeconfig: kubeconfigOf(`http://127.0.0.1:${port}`),
      context: undefined,
      environment: process.env,
    },
    asked,
  };
}
