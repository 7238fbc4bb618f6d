import * as pulumi from "@pulumi/pulumi";
import { readAnswers } from "../components/engine-call";
import { rewritten } from "../lib/protobuf";

/** An object of the state: what its metadata says. */
export interface StateResource {
  readonly type?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The function of the engine that reads the outputs of every resource in a stack's state. */
const FUNCTION = "pulumi:pulumi:readStackResourceOutputs";

/** @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto ResourceInvokeRequest */
interface Request {
  getTok(): string;
}

/**
 * Reads a stack's state as the backend has it, before this update and before its refresh.
 *
 * @param stackName `<organization>/<project>/<stack>`
 * @see https://github.com/pulumi/pulumi/blob/v3.232.0/pkg/resource/deploy/builtins.go
 */
export async function readState(stackName: string): Promise<readonly StateResource[]> {
  const asked = withShortAnswer(() => pulumi.runtime.invoke(FUNCTION, { stackName }));
  const { outputs = {} } = (await asked) as { readonly outputs?: Readonly<Record<string, StateResource>> };
  return Object.values(outputs);
}

/**
 * The whole answer has every object, decrypted, and Pulumi's SDK puts what it has read into a debug message. It is cut before,
 * which takes less time, too: of 100 models, a tenth of half a second.
 */
async function withShortAnswer<T>(ask: () => Promise<T>): Promise<T> {
  // The program may call other functions meanwhile, whose answers stay whole.
  const isMeant = (request: unknown) => (request as Request).getTok() === FUNCTION;
  const restore = readAnswers("invoke", (read) => (bytes) => read(withoutUnused(bytes)), isMeant);
  try {
    return await ask();
  } finally {
    restore?.();
  }
}

/** Numbers of fields. @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto InvokeResponse */
const RETURN = 1;
/** @see https://protobuf.dev/reference/protobuf/google.protobuf/#struct, Value, ListValue, and a map's entry */
const [ENTRY, KEY, VALUE, STRUCT, LIST, ITEM] = [1, 1, 2, 5, 6, 1];

type Change = (bytes: Uint8Array) => Uint8Array;
/** Gives an entry's value another form; undefined leaves the entry out. */
type ChangeEntry = (key: string, value: Uint8Array) => Uint8Array | undefined;

/** An answer with, of each object, who changed it when. */
export function withoutUnused(answer: Uint8Array): Uint8Array {
  return rewritten(answer, (field, value) =>
    field === RETURN ? entries(value, (key, one) => (key === "outputs" ? map(one, resource) : one)) : value,
  );
}

/** @param urn Such as `urn:pulumi:dev::modelfleet::kubernetes:core/v1:Secret::iris`. */
const resource: ChangeEntry = (urn, value) => {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  if (!type.startsWith("kubernetes:")) return undefined;
  return map(value, (key, one) => (key === "outputs" ? map(one, output) : one));
};

const output: ChangeEntry = (key, value) => (key === "metadata" ? map(value, ofMetadata) : undefined);

const ofMetadata: ChangeEntry = (key, value) => {
  if (key === "managedFields") return list(value, (item) => map(item, ofManager));
  // Metadata that is a secret is in a map of its own.
  if (key === "value") return map(value, ofMetadata);
  return key === "labels" || key === "annotations" ? undefined : value;
};

const ofManager: ChangeEntry = (key, value) => (key === "fieldsV1" ? undefined : value);

/** Changes the entries of a value that is a map. */
function map(value: Uint8Array, change: ChangeEntry): Uint8Array {
  return rewritten(value, (kind, content) => (kind === STRUCT ? entries(content, change) : content));
}

/** Changes the items of a value that is a list. */
function list(value: Uint8Array, change: Change): Uint8Array {
  return rewritten(value, (kind, content) =>
    kind === LIST ? rewritten(content, (field, item) => (field === ITEM ? change(item) : item)) : content,
  );
}

function entries(struct: Uint8Array, change: ChangeEntry): Uint8Array {
  return rewritten(struct, (field, entry) => {
    if (field !== ENTRY) return entry;
    let key = "";
    let isKept = true;
    // The key comes first.
    const changed = rewritten(entry, (part, bytes) => {
      if (part === KEY) key = Buffer.from(bytes).toString("utf8");
      if (part !== VALUE) return bytes;
      const value = change(key, bytes);
      isKept = value !== undefined;
      return value;
    });
    return isKept ? changed : undefined;
  });
}
