import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Api, connect, NoResponse, retryAfterMs } from "../../../kubernetes/api";
import { UserError } from "../../../lib/user-error";
import { kubeconfigOf } from "../../support/api-server";

type ServerAnswer = [status: number, headers: Record<string, string>, body: object | string];

/** An API server that gives these answers in turn, and repeats the last answer. */
async function serverOf(answers: readonly ServerAnswer[]) {
  const asked: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((sent) => bodies.push(sent));
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
  const api: Api = connect({
    kubeconfig: kubeconfigOf(`http://127.0.0.1:${port}`),
    context: undefined,
    environment: process.env,
  });
  return { api, asked, bodies };
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

  test("for a kind of a group that the API server does not have is answered with 404, in its words alone", async () => {
    const { api } = await serverOf([
      [404, {}, "404 page not found\n"],
      [404, {}, "<html>"],
    ]);
    expect(await api.get("/apis/a.example/v1/things")).toMatchObject({ status: 404 });
    await expect(api.get("/apis")).rejects.toThrow("does not answer (status 404, and no JSON)");
  });

  test("deletes only the object that is meant", async () => {
    const { api, bodies } = await serverOf([[200, {}, {}]]);
    await api.delete("/api/x");
    await api.delete("/api/x", { uid: "u", resourceVersion: "7" });
    await expect.poll(() => bodies.length).toBe(2);
    expect(bodies[0]).toBe("");
    expect(JSON.parse(bodies[1] ?? "")).toMatchObject({
      ...{ kind: "DeleteOptions", propagationPolicy: "Background" },
      preconditions: { uid: "u", resourceVersion: "7" },
    });
  });

  test("is sent once if the response has no Retry-After", async () => {
    const { api, asked } = await serverOf([[500, {}, { message: "broken" }]]);
    expect(await api.patch("/api", [])).toMatchObject({ status: 500 });
    expect(asked).toEqual(["PATCH /api"]);
  });
});

describe("a stream", () => {
  test("comes piece by piece, and a connection that breaks is no end of it", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200).write("one\n");
      setTimeout(() => response.destroy(), 50);
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const kubeconfig = kubeconfigOf(`http://127.0.0.1:${port}`);
    const { body } = await connect({ kubeconfig, context: undefined, environment: {} }).getStream("/log");
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const piece of body as AsyncIterable<string>) pieces.push(piece);
    })();
    await expect(reading).rejects.toThrow(
      new NoResponse(`the cluster at http://127.0.0.1:${port} ended its answer early (aborted)`),
    );
    expect(pieces).toEqual(["one\n"]);
  });

  test("that the API server refuses is an answer with its reason", async () => {
    const { api } = await serverOf([[400, {}, { message: "no log" }]]);
    expect(await api.getStream("/log")).toMatchObject({ status: 400, body: { message: "no log" } });
  });
});

describe("a cluster that gives no access", () => {
  const errorOf = async (user: object) => {
    const kubeconfig = kubeconfigOf("https://127.0.0.1:1", user);
    const choice = { kubeconfig, context: undefined, environment: process.env };
    return connect(choice)
      .get("/api")
      .catch((error: unknown) => error);
  };

  test("is a UserError with the server and the reason if a certificate is broken", async () => {
    const error = await errorOf({ "client-certificate-data": "eA==", "client-key-data": "eA==" });
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(
      /^the kubeconfig gives no access to https:\/\/127\.0\.0\.1:1 \(.*PEM.*\); see what/,
    );
  });

  test("is a UserError with the login helper's whole message", async () => {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "no-such-helper",
      installHint: "Two lines\nsay how",
    };
    const error = await errorOf({ exec });
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toBe(
      'the kubeconfig gives no access to https://127.0.0.1:1 (the login helper "no-such-helper" is not installed: ' +
        "Two lines\nsay how); see what `kubectl get namespaces` says",
    );
  });
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
