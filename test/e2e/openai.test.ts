import OpenAI, { NotFoundError } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { say } from "../../lib/progress";
import { describeReal, EXAMPLE_DEFAULTS, running } from "../support/clusters";
import { exampleConfig } from "../support/examples";
import { GATEWAYS, type TestGateway } from "../support/gateways";
import { eventually } from "../support/traffic";
import { Workspace } from "../support/workspace";

const HEADER = "X-Gateway-Model-Name";
const NAMESPACE = "openai";
const CORS = { allowOrigins: ["https://app.example"], allowHeaders: [HEADER, "Content-Type"] };

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

/** The settings of the example, with images, a port and a host that this machine has. */
function exampleSettings(
  { className, httpPort }: TestGateway,
  host: string | undefined,
): Record<string, unknown> {
  const example = exampleConfig("openai");
  return {
    ...example,
    namespace: NAMESPACE,
    defaults: { ...example["defaults"], args: [], ...EXAMPLE_DEFAULTS, env: running(SERVER) },
    gateway: { ...example["gateway"], className, httpPort },
    routing: {
      ...example["routing"],
      host,
      retired: { gone: "llama" },
      // Traefik has no such filter.
      ...(className !== "traefik" && { cors: CORS }),
      defaultBackend: { image: "modelfleet.local/default-backend:1" },
    },
  };
}

describeReal("a client of OpenAI's API", (cluster) => {
  let fleet: Workspace | undefined;
  afterAll(() => fleet?.remove(NAMESPACE));

  // The same fleet moves from one implementation to the other.
  describe.each(Object.entries(GATEWAYS))("with a Gateway of %s", (name, gatewayOf) => {
    let reason: string | undefined;
    let url = "";

    const clientOf = (path: string, defaultHeaders: Record<string, string> = {}) =>
      new OpenAI({
        baseURL: `${url}${path}`,
        apiKey: "not-a-real-key",
        maxRetries: 0,
        defaultHeaders,
      });
    const chat = (model: string) => ({
      model,
      messages: [{ role: "user" as const, content: "Who are you?" }],
    });
    const answerOf = async (asked: OpenAI, model: string, headers?: Record<string, string>) =>
      (await asked.chat.completions.create(chat(model), { headers: headers ?? {} })).choices[0]?.message
        .content;

    beforeAll(async () => {
      const gateway = await gatewayOf(cluster, 8035);
      if ("reason" in gateway) {
        ({ reason } = gateway);
        say(`skipped: OpenAI's client with a Gateway of ${name} (${reason})`);
        return;
      }
      // Other fleets have routes on Traefik's port too. The client sends the host of its URL, and every machine knows this one.
      const host = gateway.url === cluster.ingressUrl ? "localhost" : undefined;
      url = host === undefined ? gateway.url : `http://${host}:${gateway.httpPort}`;
      const config = exampleSettings(gateway, host);
      fleet ??= await Workspace.create({ stack: NAMESPACE, cluster, config });
      fleet.configure(config);
      await fleet.up();
      // A controller may take one route before another.
      await eventually(async () => {
        expect((await clientOf("/v1").models.list()).data).toHaveLength(2);
        for (const model of ["llama", "qwen"])
          expect(await answerOf(clientOf("/v1"), model, { [HEADER]: model })).toBe(`I am ${model}`);
      });
    });
    beforeEach(({ skip }) => {
      if (reason !== undefined) skip(reason);
    });

    test("lists the models, also if it names one with every request", async () => {
      for (const one of [clientOf("/v1"), clientOf("/v1", { [HEADER]: "qwen" })]) {
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

    if (name !== "Traefik")
      test("is let in from a page of another origin, which asks without the header", async () => {
        const headers = {
          Origin: "https://app.example",
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": HEADER.toLowerCase(),
        };
        await eventually(async () => {
          const answer = await fetch(`${url}/v1/chat/completions`, { method: "OPTIONS", headers });
          expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
          expect(answer.headers.get("access-control-allow-headers")).toContain(HEADER);
        });
      });

    test("is told which header to set, and to what, if it names no model or an unknown one", async () => {
      const errorWith = (headers: Record<string, string>) =>
        answerOf(clientOf("/v1"), "gpt", headers).catch((error: unknown) => error);
      for (const [headers, what] of [
        [{}, ", which names the model, is missing"],
        [{ [HEADER]: "gpt" }, ' names the model "gpt", which does not exist'],
      ] as const) {
        const error = await errorWith(headers);
        expect(error).toBeInstanceOf(NotFoundError);
        expect(error).toMatchObject({
          code: "model_not_found",
          message: `404 the header ${HEADER}${what}; set it to one of: llama, qwen`,
        });
      }
      expect(await errorWith({ [HEADER]: "gone" })).toMatchObject({
        message: '410 the model "gone" is retired; use its successor: llama',
      });
    });
  });
});
