import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/**
 * A server, as JavaScript for `running`, that answers a GET with its variable NAME and the path that it got. `/events` is
 * a stream of two server-sent events, of which it sends the second one only after a GET of `/release`. A WebSocket gets
 * its text messages back.
 */
export const STREAMING_SERVER = `
import { createHash } from "node:crypto";
import { createServer } from "node:http";
const streams = [];
const server = createServer((request, response) => {
  if (request.url === "/events") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: first\\n\\n");
    streams.push(response);
    return;
  }
  if (request.url === "/release") for (const stream of streams.splice(0)) stream.end("data: second\\n\\n");
  response.end(process.env.NAME + " " + request.url);
});
server.on("upgrade", ({ headers }, socket) => {
  const accept = createHash("sha1").update(headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  socket.on("data", (frame) => {
    const length = frame[1] & 127;
    const text = frame.subarray(6, 6 + length).map((byte, index) => byte ^ frame[2 + (index % 4)]);
    socket.write(Buffer.concat([Buffer.from([0x81, length]), text]));
  });
  socket.on("error", () => {});
});
server.listen(process.env.PORT);
// The container's own program would begin after this module.
await new Promise(() => undefined);
`;

/** Where to send a request: a base URL, and the host that it is for. */
export interface Target {
  readonly url: string;
  readonly host: string;
}

/**
 * Reads the stream of a {@link STREAMING_SERVER} and returns what arrived before its end was asked for, and all of it. A
 * proxy that holds answers back until they are complete makes this wait without end.
 */
export async function readEvents({ url, host }: Target): Promise<{ first: string; all: string }> {
  const response = await get(`${url}/events`, host);
  response.setEncoding("utf8");
  const [first] = (await once(response, "data")) as [string];
  let all = first;
  response.on("data", (chunk: string) => (all += chunk));
  const end = once(response, "end");
  (await get(`${url}/release`, host)).resume();
  await end;
  return { first, all };
}

/** Sends a text of at most 125 bytes by WebSocket, and returns the text of the answer. */
export async function sendByWebSocket({ url, host }: Target, text: string): Promise<string> {
  const key = randomBytes(16).toString("base64");
  const headers = {
    ...{ host, connection: "Upgrade", upgrade: "websocket" },
    ...{ "sec-websocket-version": "13", "sec-websocket-key": key },
  };
  const request = http.get(url, { headers });
  request.on("response", ({ statusCode }) =>
    request.destroy(new Error(`no upgrade, but ${statusCode ?? ""}`)),
  );
  const [response, socket] = (await once(request, "upgrade")) as [IncomingMessage, Duplex];
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  if (response.headers["sec-websocket-accept"] !== accept) throw new Error("the handshake is wrong");
  const mask = randomBytes(4);
  const masked = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | masked.length]), mask, masked]));
  const [frame] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return frame.subarray(2).toString();
}

async function get(url: string, host: string): Promise<IncomingMessage> {
  const [response] = (await once(http.get(url, { headers: { host } }), "response")) as [IncomingMessage];
  return response;
}
