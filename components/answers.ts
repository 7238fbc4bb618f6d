import { isMap } from "../config/merge";
import type { ObjectMeta } from "../fleet/owner";
import { rewritten } from "../lib/protobuf";
import { mapOfStruct, type Unused } from "../lib/struct";
import { readAnswers, type Reader } from "./engine-call";

/** Of the provider's copy of what was applied all but the spec, which `altered.ts` compares. */
const UNUSED: Unused = { __inputs: { metadata: true, data: true, stringData: true } };

/** Who is told of the engine's answers. */
export interface Watcher {
  /** Gets the whole metadata of each object. */
  readonly see: (metadata: ObjectMeta) => void;
  /** Called if an object is not as the program asked, such as after an update of it that failed. */
  readonly miss: () => void;
}

/** How Pulumi marks a secret. @see https://github.com/pulumi/pulumi/blob/v3.232.0/sdk/nodejs/runtime/rpc.ts specialSigKey */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** The number of a field. @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto RegisterResourceResponse */
const OBJECT = 3;

/** An answer to the registration of a resource, as far as Pulumi's package reads its object. */
interface Answer {
  /** 0 if the object is as the program asked. */
  getResult(): number;
  getObject: () => { toJavaScript(): Record<string, unknown> };
}

/**
 * Reads the engine's answers without what this program does not use, and in another way than Pulumi's package, which takes
 * ten times as long: each answer has the whole object. For a program that registers nothing but the fleet.
 *
 * @param watcher Is told of every answer.
 */
export function shortenAnswers(watcher: Watcher): void {
  readAnswers<Answer>("registerResource", (read) => (bytes) => readAnswer(bytes, read, watcher));
}

/** @param readRest Reads all but the object. */
function readAnswer(bytes: Uint8Array, readRest: Reader<Answer>, { see, miss }: Watcher): Answer {
  let object: Uint8Array | undefined;
  const rest = rewritten(bytes, (field, value) => {
    if (field !== OBJECT) return value;
    object = value;
    return undefined;
  });
  const answer = readRest(rest);
  if (answer.getResult() !== 0) miss();
  const found = object;
  if (found !== undefined) answer.getObject = () => ({ toJavaScript: () => readObject(found, see) });
  return answer;
}

/** The object but for the API server's record of who set which field: a third of the values, which only `see` looks at. */
function readObject(message: Uint8Array, see: Watcher["see"]): Record<string, unknown> {
  const object = mapOfStruct(message, UNUSED);
  const { metadata } = object;
  if (!isMap(metadata)) return object;
  if (!(SIGNATURE in metadata)) return { ...object, metadata: seen(metadata, see) };
  // That of a Secret is a secret.
  const { value } = metadata;
  return isMap(value) ? { ...object, metadata: { ...metadata, value: seen(value, see) } } : object;
}

function seen(metadata: Record<string, unknown>, see: Watcher["see"]): object {
  see(metadata);
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "managedFields"));
}
