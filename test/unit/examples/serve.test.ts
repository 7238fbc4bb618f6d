import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { HttpError } from "../../../examples/common/http-error";
import { allow, type Handler, portFromEnv, serve, type Service } from "../../../examples/common/serve";

const TIMES = { port: 0, quietMs: 200, acceptMs: 600, graceMs: 1200 };
/** For tests with requests during the drain: on a busy machine, there may be a pause between two requests. */
const LONG_TIMES = { ...TIMES, quietMs: 1000, acceptMs: 2000, graceMs: 3000 };
const lines: string[] = [];
const agents: Agent[] = [];
let service: Service | undefined;

async function start(handler: Handler, times = TIMES): Promise<string> {
  const started = await serve(handler, { ...times, log: (line) => lines.push(line) });
  service = started;
  return `http://127.0.0.1:${started.port}`;
}

/** Sends a request over a keep-alive connection. */
function send(
  url: string,
  agent: Agent,
): Promise<{ status: number; headers: IncomingHttpHeaders; localPort: number }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      const localPort = response.socket.localPort ?? 0;
      response.resume().on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, localPort });
      });
    });
    sent.on("error", reject).end();
  });
}

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  return agent;
}

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await service?.drain();
  service = undefined;
  lines.length = 0;
});

describe("a service", () => {
  test("sends the handler's result as JSON", async () => {
    const url = await start(() => ({ status: 201, body: { a: "é" } }));
    const response = await fetch(url);
    expect([response.status, response.headers.get("content-type")]).toEqual([201, "application/json"]);
    expect(await response.json()).toEqual({ a: "é" });
  });

  test("answers an HttpError with its status, headers and message", async () => {
    const url = await start((call) => {
      allow(call, "POST", "PUT");
      return { status: 200, body: {} };
    });
    const response = await fetch(url);
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST, PUT"]);
    expect(await response.json()).toEqual({ error: "GET is not allowed here; use POST, PUT" });
  });

  test("accepts a body of 1 MiB, and answers a larger one with 413 after reading it to the end", async () => {
    const url = await start(async (call) => ({ status: 200, body: (await call.body()).length }));
    const limit = 1024 * 1024;
    const fits = await fetch(url, { method: "POST", body: "x".repeat(limit) });
    expect(await fits.json()).toBe(limit);
    const over = await fetch(url, { method: "POST", body: "x".repeat(limit + 1) });
    expect(over.status).toBe(413);
    expect(await over.json()).toEqual({ error: "the body is larger than 1048576 bytes" });
    const huge = await fetch(url, { method: "POST", body: "x".repeat(20 * limit) });
    expect(huge.status).toBe(413);
  });

  describe("with a compressed body", () => {
    const post = async (encoding: string, body: Uint8Array<ArrayBuffer>) => {
      const url = await start(async (call) => ({ status: 200, body: (await call.body()).toString() }));
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-encoding": encoding },
        body,
      });
      return {
        status: response.status,
        accepts: response.headers.get("accept-encoding"),
        body: await response.json(),
      };
    };

    test.each([
      ["gzip", gzipSync],
      ["GZIP", gzipSync],
      ["deflate", deflateSync],
      ["identity", (text: string) => Buffer.from(text)],
    ])("decompresses %s", async (encoding, compress) => {
      const body = Uint8Array.from(compress("né"));
      expect(await post(encoding, body)).toEqual({ status: 200, accepts: null, body: "né" });
    });

    test.each(["br", "gzip, gzip", "constructor"])("answers the encoding %s with 415", async (encoding) => {
      const accepts = "identity, gzip, deflate";
      expect(await post(encoding, new Uint8Array())).toEqual({
        status: 415,
        accepts,
        body: { error: `Content-Encoding: "${encoding}" is not supported; use ${accepts}` },
      });
    });

    test("answers 400 if it is not in its encoding, or cut off", async () => {
      expect(await post("gzip", Buffer.from("{}"))).toMatchObject({
        status: 400,
        body: { error: "the body is not valid gzip: incorrect header check" },
      });
      const cut = Uint8Array.from(gzipSync("{}").subarray(0, -9));
      expect(await post("gzip", cut)).toMatchObject({
        status: 400,
        body: { error: "the body is not valid gzip: unexpected end of file" },
      });
    });

    test("answers 413 if it is larger than 1 MiB once decompressed, and keeps no more in memory", async () => {
      const bomb = Uint8Array.from(gzipSync(Buffer.alloc(1024 * 1024 + 1, "x")));
      expect(bomb.length).toBeLessThan(2000);
      expect(await post("gzip", bomb)).toMatchObject({
        status: 413,
        body: { error: "the body is larger than 1048576 bytes" },
      });
      const fits = await post("gzip", Uint8Array.from(gzipSync(Buffer.alloc(1024 * 1024, "x"))));
      expect(fits.status).toBe(200);
    });
  });

  test("sends a handler's bytes as they are", async () => {
    const url = await start(() => ({ status: 200, body: Buffer.from([0, 255]) }));
    const response = await fetch(url);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  test("logs one line per request, without the query", async () => {
    const url = await start(() => {
      throw new HttpError(404, "no");
    });
    await fetch(`${url}/a/b?token=secret`);
    await sleep(20);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      method: "GET",
      path: "/a/b",
      status: 404,
      ms: expect.any(Number),
    });
  });

  test("fails with EADDRINUSE when the port is taken", async () => {
    const { port } = new URL(await start(() => ({ status: 200, body: {} })));
    await expect(serve(() => ({ status: 200, body: {} }), { port: Number(port) })).rejects.toThrow(
      /^cannot listen: .*EADDRINUSE/,
    );
  });
});

describe("a draining service", () => {
  test("answers current requests, new ones, and those on keep-alive connections", async () => {
    const url = await start(async (call) => {
      if (call.path === "/slow") await sleep(500);
      return { status: 200, body: { draining: call.draining } };
    }, LONG_TIMES);
    const agent = keepAlive();
    const first = await send(url, agent);
    expect(first.headers.connection).toBe("keep-alive");
    const slow = send(`${url}/slow`, keepAlive());
    await sleep(50);

    const drained = service?.drain();
    const kept = await send(url, agent);
    expect(kept).toMatchObject({ status: 200, localPort: first.localPort, headers: { connection: "close" } });
    expect(await (await fetch(url)).json()).toEqual({ draining: true });
    expect((await slow).headers.connection).toBe("close");
    await drained;
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("stops in time although new requests keep coming and one never ends", async () => {
    const url = await start((call) =>
      call.path === "/never" ? new Promise(() => undefined) : { status: 200, body: {} },
    );
    const never = fetch(`${url}/never`).catch(() => "cut off");
    const loop = setInterval(() => void fetch(url).catch(() => undefined), 20);
    const began = performance.now();
    await service?.drain();
    clearInterval(loop);
    expect(performance.now() - began).toBeGreaterThanOrEqual(TIMES.graceMs - 50);
    expect(await never).toBe("cut off");
  });
});

describe("the environment variable PORT", () => {
  test("is 8080 by default", () => {
    expect([portFromEnv({}), portFromEnv({ PORT: "9000" })]).toEqual([8080, 9000]);
  });

  test.each(["x", "", "-1", "65536", "1.5"])("must not be %j", (PORT) => {
    expect(() => portFromEnv({ PORT })).toThrow(`PORT: "${PORT}" is not a port number`);
  });
});
