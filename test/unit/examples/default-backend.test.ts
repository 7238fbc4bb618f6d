import { describe, expect, test } from "vitest";
import { serve } from "../../../examples/common/serve";
import { knowledgeFromEnv, modelsFromEnv, retiredFromEnv } from "../../../examples/default-backend/knowledge";
import { defaultBackend } from "../../../examples/default-backend/routes";

describe("the default backend", () => {
  test("answers every path and method with 404 and the list of models, and /healthz with 200", async () => {
    const service = await serve(defaultBackend({ models: ["churn", "iris"] }), {
      port: 0,
      quietMs: 0,
      log: () => undefined,
    });
    const url = `http://127.0.0.1:${service.port}`;
    const models = ["churn", "iris"];
    for (const [path, method] of [
      ["/", "GET"],
      ["/wine/v2", "POST"],
      ["/healthz/x", "GET"],
      ["/v1/models", "GET"],
    ] as const) {
      const response = await fetch(url + path, { method });
      expect([response.status, await response.json()]).toEqual([404, { error: "no such model", models }]);
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/healthz`, { method: "POST" })).status).toBe(405);
    await service.drain();
  });
});

test("a retired model's path is answered with 410 and its successor, stripped or not", async () => {
  const retired = { "/models/churn": "https://a.example/models/fraud" };
  const service = await serve(defaultBackend({ models: [], retired }), {
    port: 0,
    quietMs: 0,
    log: () => undefined,
  });
  const url = `http://127.0.0.1:${service.port}`;
  for (const [path, prefix] of [
    ["/models/churn", ""],
    ["/models/churn/v2", ""],
    ["/models/churn/v2", "/"],
    ["/v2", "/models/churn"],
  ] as const) {
    const response = await fetch(url + path, {
      headers: prefix === "" ? {} : { "X-Forwarded-Prefix": prefix },
    });
    expect([response.status, await response.json()]).toEqual([
      410,
      { error: "the model is retired", successor: retired["/models/churn"] },
    ]);
    expect(response.headers.get("link")).toBe('<https://a.example/models/fraud>; rel="successor-version"');
  }
  expect((await fetch(`${url}/models/churn2`)).status).toBe(404);
  await service.drain();
});

test("what a default backend knows comes from its environment", () => {
  const env = { MODELS: '["iris"]', RETIRED: '{"/a":"/b"}', OPENAI_MODEL_HEADER: "X-Model" };
  expect(knowledgeFromEnv(env)).toEqual({
    models: ["iris"],
    retired: { "/a": "/b" },
    modelHeader: "X-Model",
  });
});

describe("the environment variable RETIRED", () => {
  test("is a JSON map, and means none when it is not set", () => {
    expect(retiredFromEnv({})).toEqual({});
    expect(retiredFromEnv({ RETIRED: '{"/a":"/b"}' })).toEqual({ "/a": "/b" });
  });

  test.each(["churn", "[]", '{"a":1}', ""])("must not be %j", (RETIRED) => {
    expect(() => retiredFromEnv({ RETIRED })).toThrow("RETIRED must be a JSON map from path to URL");
  });
});

describe("the environment variable MODELS", () => {
  test("is a JSON list of IDs, and means none when it is not set", () => {
    expect(modelsFromEnv({})).toEqual([]);
    expect(modelsFromEnv({ MODELS: '["churn","iris"]' })).toEqual(["churn", "iris"]);
  });

  test.each(["churn", "{}", "[1]", ""])("must not be %j", (MODELS) => {
    expect(() => modelsFromEnv({ MODELS })).toThrow("MODELS must be a JSON list of model IDs");
  });
});
