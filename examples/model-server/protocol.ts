import { z } from "zod";
import { HttpError } from "../common/http-error";
import { JSON_LENGTH, type Parts, readFloats, toBytes } from "./binary";
import type { Model, Prediction } from "./model";

const INPUT = "input";
const OUTPUTS = ["label", "probabilities"];

const requestSchema = z.object({
  id: z.string().optional(),
  parameters: z.object({ binary_data_output: z.boolean().optional() }).optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.number()),
        datatype: z.string(),
        parameters: z.object({ binary_data_size: z.number().optional() }).optional(),
        data: z.array(z.unknown()).optional(),
      }),
    )
    .length(1),
  outputs: z
    .array(
      z.object({
        name: z.string(),
        parameters: z.object({ binary_data: z.boolean().optional() }).optional(),
      }),
    )
    .optional(),
});

type RequestBody = z.infer<typeof requestSchema>;
type Input = RequestBody["inputs"][number];

/** A valid inference request for the model. */
export interface InferenceRequest {
  readonly id?: string | undefined;
  readonly data: Float32Array;
  readonly rows: number;
  /** The tensors in the response, by name, and whether each is sent as bytes after the JSON. */
  readonly outputs: ReadonlyMap<string, boolean>;
}

/** Parses the body of an inference request; throws an HttpError 400 with the field and the reason. */
export function parseRequest(body: Parts, features: number): InferenceRequest {
  const request = requestSchema.safeParse(parseJson(body.json));
  if (!request.success) {
    throw bad(request.error.issues.map((issue) => `${dotted(issue.path)}: ${issue.message}`).join("; "));
  }
  const { id, inputs } = request.data;
  // The schema requires exactly one input.
  const input = inputs[0] as Input;
  const { name, shape, datatype } = input;
  if (name !== INPUT)
    throw bad(`inputs[0].name: ${quote(name)} is not a tensor of this model; send "${INPUT}"`);
  if (datatype !== "FP32") throw bad(`inputs[0].datatype: ${quote(datatype)} is not supported; send "FP32"`);
  const [rows = 0, width] = shape;
  if (shape.length !== 2 || !Number.isInteger(rows) || rows < 1 || width !== features) {
    throw bad(
      `inputs[0].shape: ${quote(shape)} does not fit; send [rows, ${features}], with one row or more`,
    );
  }
  return {
    id,
    rows,
    data: parseData(numbersOf(input, body.tensors, rows * features), rows * features),
    outputs: wantedOutputs(request.data),
  };
}

/** A response to an inference request, in the format of the Open Inference Protocol. */
export interface InferenceResponse {
  readonly json: object;
  /** The tensors that the request wants as bytes; undefined if it wants none. */
  readonly tensors?: Buffer;
}

/** The response to an inference request. */
export function formatResponse(
  model: Model,
  request: InferenceRequest,
  prediction: Prediction,
): InferenceResponse {
  const { rows, outputs } = request;
  const { classes } = model;
  const labels = prediction.labels.map((index) => classes[index] ?? "");
  const tensors = [
    { name: "label", datatype: "BYTES", shape: [rows], data: labels },
    {
      name: "probabilities",
      datatype: "FP32",
      shape: [rows, classes.length],
      data: prediction.probabilities,
    },
  ].filter(({ name }) => outputs.has(name));
  const bytes = tensors.map(({ name, data }) => (outputs.get(name) ? toBytes(data) : undefined));
  const json = {
    model_name: model.name,
    model_version: model.version,
    ...(request.id === undefined ? {} : { id: request.id }),
    outputs: tensors.map(({ data, ...tensor }, index) => {
      const size = bytes[index]?.length;
      return { ...tensor, ...(size === undefined ? { data } : { parameters: { binary_data_size: size } }) };
    }),
  };
  const sent = bytes.filter((one) => one !== undefined);
  return { json, ...(sent.length > 0 && { tensors: Buffer.concat(sent) }) };
}

/** The response to `GET /v2/models/<id>`. */
export function describeModel({ name, version, features, classes }: Model): object {
  return {
    name,
    versions: [version],
    platform: "onnxruntime_onnx",
    inputs: [{ name: INPUT, datatype: "FP32", shape: [-1, features.length] }],
    outputs: [
      { name: "label", datatype: "BYTES", shape: [-1] },
      { name: "probabilities", datatype: "FP32", shape: [-1, classes.length] },
    ],
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw bad(`the body is not valid JSON: ${(error as Error).message}`);
  }
}

/** The tensors to send, and whether each is sent as bytes: as the output says, else as the request says, else not. */
function wantedOutputs({ outputs = [], parameters }: RequestBody): Map<string, boolean> {
  const binary = parameters?.binary_data_output ?? false;
  const unknown = outputs.find(({ name }) => !OUTPUTS.includes(name));
  if (unknown !== undefined) {
    throw bad(
      `outputs: ${quote(unknown.name)} is not a tensor of this model; there are ${OUTPUTS.join(", ")}`,
    );
  }
  if (outputs.length === 0) return new Map(OUTPUTS.map((name) => [name, binary]));
  return new Map(outputs.map(({ name, parameters: own }) => [name, own?.binary_data ?? binary]));
}

/** The input's numbers: those in the JSON, flat or nested by rows, or the bytes after it. */
function numbersOf(
  { data, parameters }: Input,
  tensors: Buffer | undefined,
  expected: number,
): readonly unknown[] {
  const size = parameters?.binary_data_size;
  const field = "inputs[0].parameters.binary_data_size";
  if (size === undefined) {
    if (data === undefined) throw bad(`inputs[0].data: is missing; send the numbers, or bytes with ${field}`);
    if (tensors?.length) throw bad(`there are ${tensors.length} bytes after the JSON; set ${field}`);
    return data.flat();
  }
  if (data !== undefined) throw bad(`inputs[0].data: is set, and so is ${field}; remove one of the two`);
  if (tensors === undefined) {
    throw bad(`${field}: needs the header ${JSON_LENGTH} with the length of the JSON in bytes`);
  }
  const needed = expected * Float32Array.BYTES_PER_ELEMENT;
  if (size !== needed) throw bad(`${field}: ${size} does not fit; the shape needs ${needed} bytes`);
  if (tensors.length !== needed) {
    throw bad(`there are ${tensors.length} bytes after the JSON; ${field} says ${needed}`);
  }
  return readFloats(tensors);
}

function parseData(numbers: readonly unknown[], expected: number): Float32Array {
  if (numbers.length !== expected) {
    throw bad(`inputs[0].data: there are ${numbers.length} numbers; the shape needs ${expected}`);
  }
  const wrong = numbers.findIndex(
    (value) => typeof value !== "number" || !Number.isFinite(Math.fround(value)),
  );
  if (wrong !== -1) throw bad(`inputs[0].data: element ${wrong} is not a finite 32-bit number`);
  return Float32Array.from(numbers as number[]);
}

function dotted(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text.replace(/^\./, "") || "the body";
}

/** A value from the request for a message, cut to 60 characters. */
function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function bad(message: string): HttpError {
  return new HttpError(400, message);
}
