import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { awaitAnswers, readinessUrls } from "../../../cli/answers";

test("readinessUrls has the readiness path of each model that has pods and a full URL", () => {
  const state = { ready: 1, replicas: 1, readinessPath: "/v2/health/ready" };
  const states = new Map([
    ["iris", state],
    ["own", { ...state, readinessPath: "/healthz" }],
    ["whole", { ...state, readinessPath: "/models/whole/healthz" }],
    ["paused", { ...state, ready: 0, replicas: 0 }],
    ["path", state],
  ]);
  const urls = {
    iris: "http://127.0.0.1:80/models/iris",
    own: "http://127.0.0.1:80/models/own",
    whole: "http://127.0.0.1:80/models/whole",
    paused: "http://127.0.0.1:80/models/paused",
    path: "/models/path",
    gone: "http://127.0.0.1:80/models/gone",
  };
  expect(readinessUrls(urls, states)).toEqual({
    iris: "http://127.0.0.1:80/models/iris/v2/health/ready",
    own: "http://127.0.0.1:80/models/own/healthz",
    // The ingress controller does not strip its path.
    whole: "http://127.0.0.1:80/models/whole/healthz",
  });
});

test("awaitAnswers waits for a model that does not answer yet", async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(asked < 3 ? 503 : 200).end();
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await awaitAnswers({ iris: `http://127.0.0.1:${port}/healthz` })).toEqual(new Map());
  expect(asked).toBe(3);
});

test("awaitAnswers returns why each model does not answer", async () => {
  const server = createServer((_request, response) => void response.writeHead(503).end());
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const urls = { iris: `http://127.0.0.1:${port}/iris`, wine: "http://127.0.0.1:1/wine" };
  const silent = await awaitAnswers(urls, 300);
  expect(silent.get("iris")).toBe(`${urls.iris} answers 503`);
  expect(silent.get("wine")).toMatch(/^http:\/\/127\.0\.0\.1:1\/wine: ./);
});
