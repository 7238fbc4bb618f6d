import { readFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI, { NotFoundError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../../lib/paths";
import { describeReal, EXAMPLE_DEFAULTS, running } from "../support/clusters";
import { eventually } from "../support/traffic";
import { Workspace } from "../support/workspace";

const HEADER = "X-Gateway-Model-Name";

/** A server that answers chats with its model's ID, whole or in two parts, if it is asked for the path that clients send. */
const SERVER = `
  import { createServer } from "node:http";
  const { MODEL_NAME: model, PORT } = process.env;
  const about = (object) => ({ id: "1", object, created: 0, model });
  createServer(async (request, response) => {
    if (request.method === "GET") return response.end();
    if (request.url !== "/v1/chat/completions") return response.writeHead(404).end();
    let body = "";
    for await (const part of request) body += part;
    if (!JSON.parse(body).stream) {
      const message = { role: "assistant", content: "I am " + model };
      const choices = [{ index: 0, message, finish_reason: "stop" }];
      response.setHeader("content-type", "application/json");
      return response.end(JSON.stringify({ ...about("chat.completion"), choices }));
    }
    response.setHeader("content-type", "text/event-stream");
    for (const content of ["I am ", model]) {
      const choices = [{ index: 0, delta: { content }, finish_reason: null }];
      response.write("data: " + JSON.stringify({ ...about("chat.completion.chunk"), choices }) + "\\n\\n");
    }
    response.end("data: [DONE]\\n\\n");
  }).listen(PORT);
  await new Promise(() => undefined);`;

/** The one host name that every machine knows: clients of this kind cannot be given another one. */
const HOST = "localhost";

/** The settings of the example, with images, a port and a host that this machine has. */
function exampleSettings(httpPort: number): Record<string, unknown> {
  const file = readFileSync(join(ROOT, "examples", "openai", "Pulumi.example.yaml"), "utf8");
  const { config } = parse(file) as { config: Record<string, object> };
  return {
    ...Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.replace("modelfleet:", ""), value]),
    ),
    defaults: { ...config["modelfleet:defaults"], args: [], ...EXAMPLE_DEFAULTS, env: running(SERVER) },
    gateway: { ...config["modelfleet:gateway"], httpPort },
    routing: {
      ...config["modelfleet:routing"],
      host: HOST,
      retired: { gone: "llama" },
      defaultBackend: { image: "modelfleet.local/default-backend:1" },
    },
  };
}

describeReal("a client of OpenAI's API", (cluster) => {
  const { port } = new URL(cluster.ingressUrl);
  let fleet: Workspace;

  const clientOf = (path: string, defaultHeaders: Record<string, string> = {}) =>
    new OpenAI({
      baseURL: `http://${HOST}:${port}${path}`,
      apiKey: "not-a-real-key",
      maxRetries: 0,
      defaultHeaders,
    });
  const client = clientOf("/v1");

  const chat = (model: string) => ({ model, messages: [{ role: "user" as const, content: "Who are you?" }] });
  const answerOf = async (asked: OpenAI, model: string, headers?: Record<string, string>) =>
    (await asked.chat.completions.create(chat(model), { headers: headers ?? {} })).choices[0]?.message
      .content;

  beforeAll(async () => {
    fleet = await Workspace.create({ stack: "openai", cluster, config: exampleSettings(Number(port)) });
    await fleet.up();
    await eventually(async () => {
      expect(await answerOf(client, "llama", { [HEADER]: "llama" })).toBe("I am llama");
      expect(await answerOf(client, "qwen", { [HEADER]: "qwen" })).toBe("I am qwen");
    });
  });
  afterAll(() => fleet.remove("llms"));

  test("lists the models, also if it names one with every request", async () => {
    for (const one of [client, clientOf("/v1", { [HEADER]: "qwen" })]) {
      const { data } = await one.models.list();
      expect(data.map(({ id, object }) => [id, object])).toEqual([
        ["llama", "model"],
        ["qwen", "model"],
      ]);
      expect(await one.models.retrieve("llama")).toMatchObject({ id: "llama", owned_by: "modelfleet" });
    }
  });

  test("gets streamed answers of the model that its header names", async () => {
    for (const model of ["llama", "qwen"]) {
      const named = clientOf("/v1", { [HEADER]: model });
      expect(await answerOf(named, model)).toBe(`I am ${model}`);
      const parts: string[] = [];
      const stream = await named.chat.completions.create({ ...chat(model), stream: true });
      for await (const { choices } of stream) parts.push(choices[0]?.delta.content ?? "");
      expect(parts).toEqual(["I am ", model]);
    }
  });

  test("needs no header at the model's own URL", async () => {
    expect(await answerOf(clientOf("/models/qwen/v1"), "qwen")).toBe("I am qwen");
  });

  test("is told which header to set, and to what, if it names no model or an unknown one", async () => {
    for (const [headers, what] of [
      [{}, ", which names the model, is missing"],
      [{ [HEADER]: "gpt" }, ' names the model "gpt", which does not exist'],
    ] as const) {
      const error = await answerOf(client, "gpt", headers).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({
        code: "model_not_found",
        message: `404 the header ${HEADER}${what}; set it to one of: llama, qwen`,
      });
    }
  });
});
