import * as pulumi from "@pulumi/pulumi";

/** Reads an answer of the engine. */
export type Reader<Answer> = (bytes: Uint8Array) => Answer;

/** A call of the engine, as gRPC's client has it. @see https://grpc.github.io/grpc/node/grpc.Client.html */
interface Call<Answer> {
  (...request: readonly unknown[]): unknown;
  readonly path: string;
  readonly requestSerialize: unknown;
  readonly responseDeserialize: Reader<Answer>;
}

type Name = "registerResource" | "invoke" | "supportsFeature";

interface Client<Answer> extends Record<Name, Call<Answer>> {
  readonly makeUnaryRequest?: (
    path: string,
    serialize: unknown,
    deserialize: Reader<Answer>,
    ...request: readonly unknown[]
  ) => unknown;
}

/**
 * Lets another function read the answers of one of the engine's calls.
 *
 * @param readerOf Makes it from the one that reads them so far.
 * @param isMeant Whether a request's answer is read so; the others are read as before. @default all
 * @returns Makes the call what it was; undefined if nothing is sent, as with mocks of unit tests
 */
export function readAnswers<Answer>(
  name: Name,
  readerOf: (read: Reader<Answer>) => Reader<Answer>,
  isMeant: (request: unknown) => boolean = () => true,
): (() => void) | undefined {
  const client = pulumi.runtime.getMonitor() as Client<Answer> | undefined;
  if (client?.makeUnaryRequest === undefined) return undefined;
  const before = client[name];
  const { path, requestSerialize, responseDeserialize } = before;
  const send = client.makeUnaryRequest.bind(client, path, requestSerialize, readerOf(responseDeserialize));
  const call = (...request: unknown[]) =>
    isMeant(request[0]) ? send(...request) : before.apply(client, request);
  client[name] = Object.assign(call, { path, requestSerialize, responseDeserialize });
  return () => {
    client[name] = before;
  };
}

/** gRPC's codes of a call that nobody takes any more. @see https://grpc.io/docs/guides/status-codes/ */
const CANCELLED = 1;
const UNAVAILABLE = 14;

/** How long the engine may take to say that it listens, in milliseconds. */
const ANSWER_MS = 10_000;

/**
 * Whether the engine still takes calls. After an interruption it takes none, and waits for the program, which may wait for
 * something that the engine knows nothing of.
 */
export function isListening(): Promise<boolean> {
  const client = pulumi.runtime.getMonitor() as Client<unknown> | undefined;
  if (client?.makeUnaryRequest === undefined) return Promise.resolve(true);
  // Any call does, and this one has no effect: whether there is a feature without a name.
  const { path } = client.supportsFeature;
  const nothing = new Uint8Array();
  const send = client.makeUnaryRequest.bind(client, path, Buffer.from, () => nothing, nothing);
  return new Promise((resolve) => {
    const answer = (error: { readonly code?: number } | null) =>
      resolve(error?.code !== CANCELLED && error?.code !== UNAVAILABLE);
    try {
      send({ deadline: Date.now() + ANSWER_MS }, answer);
    } catch {
      // The SDK has closed the connection.
      resolve(false);
    }
  });
}
