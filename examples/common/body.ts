import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { HttpError } from "./http-error";

/** The largest request body that is kept in memory, in bytes, both as sent and decompressed. */
const BODY_LIMIT = 1024 * 1024;

type Decompress = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const DECOMPRESS: Readonly<Record<string, Decompress>> = {
  identity: async (body) => body,
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
};

/** Reads a request's whole body, decompressed. @throws HttpError 400, 413 or 415 with the reason */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const body = await readToEnd(request);
  const encoding = request.headers["content-encoding"]?.toLowerCase() ?? "identity";
  const decompress = Object.hasOwn(DECOMPRESS, encoding) ? DECOMPRESS[encoding] : undefined;
  if (decompress === undefined) {
    const list = Object.keys(DECOMPRESS).join(", ");
    const message = `Content-Encoding: "${encoding.slice(0, 60)}" is not supported; use ${list}`;
    throw new HttpError(415, message, { "Accept-Encoding": list });
  }
  try {
    return await decompress(body, { maxOutputLength: BODY_LIMIT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw new HttpError(400, `the body is not valid ${encoding}: ${(error as Error).message}`);
  }
}

/** Reads to the end although the body is too large: a client whose connection closes early never reads the 413. */
async function readToEnd(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
    }
  } catch {
    throw new HttpError(400, "the request ended before its body was complete");
  }
  if (size > BODY_LIMIT) throw tooLarge();
  return Buffer.concat(chunks);
}

function tooLarge(): HttpError {
  return new HttpError(413, `the body is larger than ${BODY_LIMIT} bytes`);
}
