import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { UserError } from "../../../lib/user-error";
import { connect, putOffMs, type Api } from "../../../ownership/api";

type ServerAnswer = [status: number, headers: Record<string, string>, body: object | string];

/** An API server that answers these one after another, and the last of them from then on. */
async function serverOf(answers: readonly ServerAnswer[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [status, headers, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}, {}];
    asked.push(`${request.method} ${request.url}`);
    const isText = typeof body === "string";
    response.setHeader("content-type", isText ? "text/plain; charset=utf-8" : "application/json");
    response.writeHead(status, headers).end(isText ? body : JSON.stringify(body));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const api: Api = connect({ kubeconfig: kubeconfig(`http://127.0.0.1:${port}`), context: undefined });
  return { api, asked };
}

function kubeconfig(server: string, user: object = {}): string {
  return JSON.stringify({
    "current-context": "x",
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user }],
  });
}

describe("a request", () => {
  test("is sent again where the API server puts it off, as it does for a kind that is just being made", async () => {
    const { api, asked } = await serverOf([
      [429, { "retry-after": "0" }, { message: "storage is (re)initializing" }],
      [429, { "retry-after": "0" }, "Too many requests, please try again later.\n"],
      [200, {}, { items: [] }],
    ]);
    expect(await api.get("/api")).toMatchObject({ status: 200, body: { items: [] } });
    expect(asked).toEqual(["GET /api", "GET /api", "GET /api"]);
  });

  test("is given up where the API server puts it off for good, with its reason", async () => {
    const { api, asked } = await serverOf([[503, { "retry-after": "0" }, "not today\n"]]);
    expect(await api.get("/api")).toMatchObject({ status: 503, body: { message: "not today" } });
    expect(asked).toHaveLength(11);
  });

  test("is sent once where the answer is final", async () => {
    const { api, asked } = await serverOf([[500, {}, { message: "broken" }]]);
    expect(await api.patch("/api", [])).toMatchObject({ status: 500 });
    expect(asked).toEqual(["PATCH /api"]);
  });
});

test("a login helper that cannot be run is said in one sentence", async () => {
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-helper" };
  const api = connect({ kubeconfig: kubeconfig("https://127.0.0.1:1", { exec }), context: undefined });
  const error = await api.get("/api").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(
    /^the kubeconfig gives no access to https:\/\/127\.0\.0\.1:1 \(.*no-such-helper.*\); see what/,
  );
});

test.each<[number, string | undefined, number | undefined]>([
  [429, "1", 1000],
  [503, "5", 5000],
  [503, "3600", 10_000],
  [429, undefined, undefined],
  [503, "Wed, 21 Oct 2026 07:28:00 GMT", undefined],
  [403, "1", undefined],
  [200, "1", undefined],
])("status %i with Retry-After %j is put off for %j ms", (status, retryAfter, expected) => {
  expect(putOffMs(status, retryAfter)).toBe(expected);
});
