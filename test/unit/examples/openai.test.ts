import { describe, expect, test } from "vitest";
import type { Call } from "../../../examples/common/serve";
import { defaultBackend } from "../../../examples/default-backend/routes";

const HEADER = "X-Gateway-Model-Name";
const URL = "https://a.example";

function ask(
  path: string,
  {
    method = "GET",
    model,
    models = ["llama", "qwen"],
  }: { method?: string; model?: string; models?: string[] } = {},
) {
  const headers = model === undefined ? {} : { [HEADER.toLowerCase()]: model };
  const call = { method, path, headers, draining: false, body: () => Promise.resolve(Buffer.of()) };
  const retired = { "/models/gone": `${URL}/models/llama`, "/v1/models/gone": `${URL}/v1/models/llama` };
  return defaultBackend({ models, retired, modelHeader: HEADER })(call satisfies Call);
}

const model = (id: string) => ({ id, object: "model", created: 0, owned_by: "modelfleet" });

const error = (status: number, message: string) => ({
  status,
  body: { error: { message, type: "invalid_request_error", param: null, code: "model_not_found" } },
});

describe("at the address that all models share, the default backend", () => {
  test("lists the models as OpenAI does, also to a client that names one with every request", () => {
    const list = { status: 200, body: { object: "list", data: [model("llama"), model("qwen")] } };
    expect(ask("/v1/models")).toEqual(list);
    expect(ask("/v1/models/", { method: "HEAD", model: "qwen" })).toEqual(list);
    expect(ask("/v1/models", { models: [] })).toEqual({ status: 200, body: { object: "list", data: [] } });
  });

  test("shows one model", () => {
    expect(ask("/v1/models/qwen")).toEqual({ status: 200, body: model("qwen") });
    for (const [path, shown] of [
      ["/v1/models/gpt%2F4", "gpt/4"],
      ["/v1/models/%", "%"],
    ] as const)
      expect(ask(path)).toEqual(
        error(404, `the model "${shown}" does not exist; the models are: llama, qwen`),
      );
  });

  test("does not change or delete one", () => {
    expect(ask("/v1/models/qwen", { method: "DELETE" })).toMatchObject({
      status: 405,
      body: { error: { message: "DELETE is not allowed here; use GET, HEAD" } },
      headers: { Allow: "GET, HEAD" },
    });
  });

  test.each([
    [undefined, `the header ${HEADER}, which names the model, is missing; set it to one of: llama, qwen`],
    [
      "gpt-4",
      `the header ${HEADER} names the model "gpt-4", which does not exist; set it to one of: llama, qwen`,
    ],
    [
      "x".repeat(5000),
      `the header ${HEADER} names the model "${"x".repeat(100)}…", which does not exist; set it to one of: llama, qwen`,
    ],
  ])("answers 404 with the header, the model and the list, if the model is %j", (name, message) => {
    const options = name === undefined ? {} : { model: name };
    for (const path of ["/v1", "/v1/", "/v1/chat/completions", "/v1/modelsx"])
      expect(ask(path, { method: "POST", ...options })).toEqual(error(404, message));
  });

  test("answers 503 if the model has no route yet", () => {
    expect(ask("/v1/completions", { model: "qwen" })).toMatchObject({
      status: 503,
      body: {
        error: { message: 'the model "qwen" is not ready yet; try again later', type: "server_error" },
      },
    });
  });

  test("answers 410 with the successor, if the model is retired", () => {
    const gone = {
      status: 410,
      body: {
        error: { message: 'the model "gone" is retired; use its successor: llama', code: "model_retired" },
      },
      headers: { Link: `<${URL}/v1/models/llama>; rel="successor-version"` },
    };
    expect(ask("/v1/chat/completions", { model: "gone" })).toMatchObject(gone);
    expect(ask("/v1/models/gone")).toMatchObject(gone);
    expect(ask("/models/gone")).toMatchObject({ status: 410, body: { error: "the model is retired" } });
  });

  test("names at most twenty models, and where the others are", () => {
    const models = Array.from({ length: 22 }, (_, index) => `m${index}`);
    const { body } = ask("/v1/embeddings", { models }) as { body: { error: { message: string } } };
    expect(body.error.message).toMatch(/ m18, m19, 2 more \(GET \/v1\/models\)$/);
  });
});

test("any other path of the default backend is as it is without that address", () => {
  const models = ["llama", "qwen"];
  for (const path of ["/v10/models", "/models/llama/v1/models", "/"])
    expect(ask(path)).toEqual({ status: 404, body: { error: "no such model", models } });
  expect(ask("/healthz")).toMatchObject({ status: 200 });
});
