import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type ClientRequest, get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { pipeline } from "node:stream/promises";
import { agentOf, proxyFor } from "../../kubernetes/proxy";

/** How long is waited for a server, in milliseconds. */
export interface Patience {
  /** For the beginning of its answer: without a network, a start must not wait for long. @default 5 seconds */
  readonly answerMs?: number;
  /** For the next part of a file. @default 15 seconds */
  readonly stallMs?: number;
}

/** Release pages redirect once or twice. */
const MAX_REDIRECTS = 5;
/** No program is nearly as large; a server that goes on sending is stopped here. */
const MAX_BYTES = 1024 ** 3;

/** A file was not downloaded. */
export class NotDownloaded extends Error {
  /**
   * @param what The server or the file, for messages: without credentials, and without a query, which may have some.
   * @param why Such as `cannot be reached (ENOTFOUND)`.
   */
  constructor(
    readonly what: string,
    readonly why: string,
  ) {
    super(`${what} ${why}`);
  }
}

/** The checksums of a file that was received, in hexadecimal digits. */
export interface Received {
  readonly sha256: string;
  readonly sha512: string;
}

/**
 * Downloads a file, through the proxy of the environment if there is one.
 *
 * @param to The path of the new file; what is there is replaced.
 * @param report Gets the number of bytes of each part that arrives.
 * @throws NotDownloaded when the server does not answer, answers with an error, or stops in the middle.
 */
export async function fetchFile(
  url: string,
  to: string,
  report: (bytes: number) => void = () => undefined,
  { answerMs = 5_000, stallMs = 15_000 }: Patience = {},
): Promise<Received> {
  const answer = await answerOf(new URL(url), answerMs);
  const sums = { sha256: createHash("sha256"), sha512: createHash("sha512") };
  let size = 0;
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > MAX_BYTES) throw new Error("larger than 1 GiB");
      for (const sum of Object.values(sums)) sum.update(chunk);
      report(chunk.length);
      yield chunk;
    }
  };
  answer.setTimeout(stallMs, () => answer.destroy(new Error(`nothing arrived for ${stallMs / 1000} s`)));
  await pipeline(answer, counted, createWriteStream(to)).catch((error: unknown) => {
    throw new NotDownloaded(shown(new URL(url)), `was cut off after ${size} bytes (${reasonOf(error)})`);
  });
  return { sha256: sums.sha256.digest("hex"), sha512: sums.sha512.digest("hex") };
}

/** A URL for messages. */
export function shown({ host, pathname }: URL): string {
  return host + pathname;
}

/** The answer with the file's content, after redirects. */
async function answerOf(url: URL, answerMs: number, redirects = 0): Promise<IncomingMessage> {
  const answer = await request(url, answerMs);
  const { statusCode = 0, headers } = answer;
  if (statusCode === 200) return answer;
  answer.destroy();
  if (statusCode < 300 || statusCode > 399 || headers.location === undefined)
    throw new NotDownloaded(shown(url), `has HTTP status ${statusCode}`);
  if (redirects === MAX_REDIRECTS) throw new NotDownloaded(shown(url), "redirects too often");
  const next = URL.canParse(headers.location, url.href) ? new URL(headers.location, url) : undefined;
  if (next === undefined || !/^https?:$/.test(next.protocol))
    throw new NotDownloaded(shown(url), "redirects to no web address");
  return answerOf(next, answerMs, redirects + 1);
}

async function request(url: URL, answerMs: number): Promise<IncomingMessage> {
  const asked = await ask(url);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      clearTimeout(timer);
      asked.destroy();
      reject(new NotDownloaded(url.host, `cannot be reached (${reasonOf(error)})`));
    };
    const timer = setTimeout(() => fail(new Error(`no answer within ${answerMs / 1000} s`)), answerMs);
    asked.on("error", fail).on("response", (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

async function ask(url: URL): Promise<ClientRequest> {
  try {
    const agent = await agentOf(url, proxyFor(url, process.env), {});
    const get = url.protocol === "https:" ? getSecure : getPlain;
    return get(url, { agent, headers: { "user-agent": "modelfleet" } });
  } catch {
    // Its value may have a password, so the message does not show it.
    throw new NotDownloaded(url.host, "cannot be reached (the proxy's URL in the environment is not valid)");
  }
}

/** The code of a system's error, which is shorter than its message: `ENOTFOUND`, `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
