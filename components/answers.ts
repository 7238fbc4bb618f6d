import * as pulumi from "@pulumi/pulumi";
import { rewritten, textOf } from "../lib/protobuf";

/** Keys of an object that an answer leaves out: the whole value, or keys within it. */
interface Unused {
  readonly [key: string]: true | Unused;
}

/**
 * The API server's record of who set which field, and of the provider's copy of what was applied all but the spec, which
 * `altered.ts` compares: two fifths of the values in an answer.
 */
const UNUSED: Unused = {
  __inputs: { metadata: true, data: true, stringData: true },
  metadata: { managedFields: true },
};

/** Numbers of fields. @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto RegisterResourceResponse */
const OBJECT = 3;
/** @see https://protobuf.dev/reference/protobuf/google.protobuf/#struct, Value, and a map's entry */
const [ENTRY, KEY, VALUE, STRUCT] = [1, 1, 2, 5];

type Reader = (bytes: Uint8Array) => unknown;

/** A call of the engine, as gRPC's client has it. @see https://grpc.github.io/grpc/node/grpc.Client.html */
interface Call {
  (...request: readonly unknown[]): unknown;
  readonly path: string;
  readonly requestSerialize: unknown;
  readonly responseDeserialize: Reader;
}

interface Client {
  registerResource: Call;
  readonly makeUnaryRequest?: (
    path: string,
    serialize: unknown,
    deserialize: Reader,
    ...request: readonly unknown[]
  ) => unknown;
}

/**
 * Leaves out of the engine's answers what this program does not read: each has the whole object, and reading it takes much
 * of the time per object. For a program that registers nothing but the fleet.
 */
export function shortenAnswers(): void {
  const client = pulumi.runtime.getMonitor() as Client | undefined;
  // Mocks of unit tests send nothing.
  if (client?.makeUnaryRequest === undefined) return;
  const { path, requestSerialize, responseDeserialize } = client.registerResource;
  const read: Reader = (bytes) => responseDeserialize(withoutUnused(bytes));
  const send = client.makeUnaryRequest.bind(client, path, requestSerialize, read);
  client.registerResource = Object.assign(send, { path, requestSerialize, responseDeserialize });
}

/** An answer to the registration of a resource without what no program uses. */
export function withoutUnused(answer: Uint8Array): Uint8Array {
  return rewritten(answer, (field, value) => (field === OBJECT ? cut(value, UNUSED) : value));
}

function cut(struct: Uint8Array, unused: Unused): Uint8Array {
  return rewritten(struct, (field, entry) => {
    if (field !== ENTRY) return entry;
    const inside = unused[textOf(entry, KEY) ?? ""];
    if (inside === true || inside === undefined) return inside === true ? undefined : entry;
    return rewritten(entry, (part, value) =>
      part === VALUE
        ? rewritten(value, (kind, fields) => (kind === STRUCT ? cut(fields, inside) : fields))
        : value,
    );
  });
}
