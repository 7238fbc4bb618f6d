import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Api, connect, retryAfterMs } from "../../../kubernetes/api";
import { UserError } from "../../../lib/user-error";
import { kubeconfigOf } from "../../support/api-server";

type ServerAnswer = [status: number, headers: Record<string, string>, body: object | string];

/** An API server that gives these answers in turn, and repeats the last answer. */
async function serverOf(answers: readonly ServerAnswer[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [status, headers, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}, {}];
    asked.push(`${request.method} ${request.url}`);
    const isText = typeof body === "string";
    const type = isText ? "text/plain; charset=utf-8" : "application/json";
    response
      .writeHead(status, { "content-type": type, ...headers })
      .end(isText ? body : JSON.stringify(body));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const api: Api = connect({ kubeconfig: kubeconfigOf(`http://127.0.0.1:${port}`), context: undefined });
  return { api, asked };
}

describe("a request", () => {
  test("is retried after 429 with Retry-After, with JSON or plain text", async () => {
    const { api, asked } = await serverOf([
      [429, { "retry-after": "0" }, { message: "storage is (re)initializing" }],
      [429, { "retry-after": "0" }, "Too many requests, please try again later.\n"],
      [200, {}, { items: [] }],
    ]);
    expect(await api.get("/api")).toMatchObject({ status: 200, body: { items: [] } });
    expect(asked).toEqual(["GET /api", "GET /api", "GET /api"]);
  });

  test("fails after ten retries, with the API server's reason", async () => {
    const { api, asked } = await serverOf([[503, { "retry-after": "0" }, "not today\n"]]);
    expect(await api.get("/api")).toMatchObject({ status: 503, body: { message: "not today" } });
    expect(asked).toHaveLength(11);
  });

  test("has no reason if a proxy answers with HTML", async () => {
    const page: ServerAnswer = [503, { "retry-after": "0", "content-type": "text/html" }, "<html>"];
    const { api } = await serverOf([page]);
    expect(await api.get("/api")).toMatchObject({ status: 503, body: { message: undefined } });
  });

  test("is sent once if the response has no Retry-After", async () => {
    const { api, asked } = await serverOf([[500, {}, { message: "broken" }]]);
    expect(await api.patch("/api", [])).toMatchObject({ status: 500 });
    expect(asked).toEqual(["PATCH /api"]);
  });
});

test("a missing kubeconfig is an error that says what to set", () => {
  vi.stubEnv("KUBECONFIG", "");
  vi.stubEnv("HOME", mkdtempSync(join(tmpdir(), "modelfleet-home-")));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => connect({ kubeconfig: undefined, context: undefined })).toThrow(
    /^no cluster is configured; set KUBECONFIG/,
  );
});

test.each<[string, string, object, RegExp]>([
  ["a server without a scheme", "localhost:6443", {}, /Protocol "localhost:" not supported/],
  ["a server that is not a URL", "127.0.0.1:6443", {}, /Invalid URL/],
  [
    "a broken certificate",
    "https://127.0.0.1:1",
    { "client-certificate-data": "eA==", "client-key-data": "eA==" },
    /PEM/,
  ],
])("%s is a UserError with the server and the reason", async (_what, server, user, reason) => {
  const error = await connect({ kubeconfig: kubeconfigOf(server, user), context: undefined })
    .get("/api")
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(reason);
  expect((error as Error).message).toContain(`the kubeconfig gives no access to ${server} (`);
});

test("the reason of a login helper is the first line of its output that is not empty", async () => {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "sh",
    args: ["-c", "echo >&2; echo 'The login has expired' >&2; exit 255"],
  };
  const api = connect({ kubeconfig: kubeconfigOf("https://127.0.0.1:1", { exec }), context: undefined });
  await expect(api.get("/api")).rejects.toThrow("(The login has expired)");
});

test("a login helper that is not installed is a UserError with its name", async () => {
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-helper" };
  const api = connect({ kubeconfig: kubeconfigOf("https://127.0.0.1:1", { exec }), context: undefined });
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
])("status %i with Retry-After %j is retried after %j ms", (status, retryAfter, expected) => {
  expect(retryAfterMs(status, retryAfter)).toBe(expected);
});
