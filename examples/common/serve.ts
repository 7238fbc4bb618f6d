import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../lib/user-error";
import { readBody } from "./body";
import { HttpError } from "./http-error";

/** A request for a handler. */
export interface Call {
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  /** True after SIGTERM: readiness must then fail, while requests are still answered. */
  readonly draining: boolean;
  /** By name in lower case. */
  readonly headers: IncomingHttpHeaders;
  /**
   * Reads the whole body, decompressed; throws an HttpError 413 when it is larger than 1 MiB, 415 when its encoding is
   * not supported, and 400 when it is not complete.
   */
  readonly body: () => Promise<Buffer>;
}

/** A handler's response. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON; bytes are sent as they are. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request. A thrown HttpError becomes the response; any other error becomes a 500. */
export type Handler = (call: Call) => Reply | Promise<Reply>;

/** How a service listens and drains. All defaults suit Kubernetes. */
export interface ServeOptions {
  /** TCP port; 0 means any free port. */
  readonly port: number;
  /** Drain: the port closes after this time without a new request, in milliseconds. @default 1000 */
  readonly quietMs?: number;
  /** Drain: the port closes after this time although requests still come, in milliseconds. @default 7000 */
  readonly acceptMs?: number;
  /** Drain: all connections are closed after this time, in milliseconds. @default 10000 */
  readonly graceMs?: number;
  /** Gets one JSON line per request. @default standard output */
  readonly log?: (line: string) => void;
}

/** A listening service. */
export interface Service {
  readonly port: number;
  /** Answers requests until no new ones come, then closes; resolves when all connections are closed. */
  readonly drain: () => Promise<void>;
}

/** The port in `PORT`. @default 8080 */
export function portFromEnv(env: NodeJS.ProcessEnv): number {
  const { PORT = "8080" } = env;
  if (!/^\d+$/.test(PORT) || Number(PORT) > 65535) {
    throw new UserError(`PORT: "${PORT}" is not a port number (0 to 65535)`);
  }
  return Number(PORT);
}

/** Throws a 405 that lists the allowed methods, unless the call uses one of them. */
export function allow(call: Call, ...methods: string[]): void {
  if (methods.includes(call.method)) return;
  const list = methods.join(", ");
  throw new HttpError(405, `${call.method} is not allowed here; use ${list}`, { Allow: list });
}

/** Serves until SIGTERM or SIGINT, then drains and exits with code 0. */
export async function run(handler: Handler, port: number): Promise<void> {
  const service = await serve(handler, { port });
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => void service.drain().then(() => process.exit(0)));
  }
}

/** Listens on all addresses; resolves when it accepts connections. */
export async function serve(handler: Handler, options: ServeOptions): Promise<Service> {
  const { quietMs = 1000, acceptMs = 7000, graceMs = 10_000, log = console.log } = options;
  let draining = false;
  let active = 0;
  let lastRequest = 0;

  const server = createServer((request, response) => {
    const began = performance.now();
    const method = request.method ?? "GET";
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    active += 1;
    lastRequest = began;
    response.once("close", () => {
      active -= 1;
      const ms = Number((performance.now() - began).toFixed(2));
      // 499, as in nginx: the client closed the connection before the response.
      const status = response.headersSent ? response.statusCode : 499;
      log(JSON.stringify({ method, path, status, ms }));
    });
    const call = { method, path, draining, headers: request.headers, body: () => readBody(request) };
    void answer(handler, call).then((reply) => send(response, reply, draining));
  });
  // The proxy must close idle connections first: if the server did, the proxy could send a request on a connection that
  // is just closing. Traefik keeps them for 90 s, nginx for 60 s.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 30_000;

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new UserError(`cannot listen: ${error.message}`)));
    server.listen(options.port, resolve);
  });

  async function drain(): Promise<void> {
    draining = true;
    const began = performance.now();
    lastRequest = began;
    // Requests still arrive for a moment after SIGTERM, because routes are updated at the same time.
    while (performance.now() < began + acceptMs && performance.now() < lastRequest + quietMs) await sleep(20);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    while (active > 0 && performance.now() < began + graceMs) await sleep(20);
    server.closeAllConnections();
    await closed;
  }

  return { port: (server.address() as AddressInfo).port, drain };
}

async function answer(handler: Handler, call: Call): Promise<Reply> {
  try {
    return await handler(call);
  } catch (error) {
    if (error instanceof HttpError) {
      return { status: error.status, body: { error: error.message }, headers: error.headers };
    }
    console.error(error);
    return { status: 500, body: { error: "internal error" } };
  }
}

function send(response: ServerResponse, reply: Reply, draining: boolean): void {
  const { body: content } = reply;
  const body = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  response.writeHead(reply.status, {
    "Content-Type": content === body ? "application/octet-stream" : "application/json",
    "Content-Length": body.length,
    ...(draining ? { Connection: "close" } : {}),
    ...reply.headers,
  });
  response.end(body);
}
