import { z } from "zod";
import { HttpError } from "../common/serve";
import type { Model, Prediction } from "./model";

const INPUT = "input";
const OUTPUTS = ["label", "probabilities"];

const requestSchema = z.object({
  id: z.string().optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.number()),
        datatype: z.string(),
        data: z.array(z.unknown()),
      }),
    )
    .length(1),
  outputs: z.array(z.object({ name: z.string() })).optional(),
});

/** A valid inference request for the model. */
export interface InferenceRequest {
  readonly id?: string | undefined;
  readonly data: Float32Array;
  readonly rows: number;
  /** The names of the tensors in the response. */
  readonly outputs: readonly string[];
}

/** Parses the body of an inference request; throws an HttpError 400 with the field and the reason. */
export function parseRequest(body: string, features: number): InferenceRequest {
  const request = requestSchema.safeParse(parseJson(body));
  if (!request.success) {
    throw bad(request.error.issues.map((issue) => `${dotted(issue.path)}: ${issue.message}`).join("; "));
  }
  const { id, inputs, outputs } = request.data;
  // The schema requires exactly one input.
  const { name, shape, datatype, data } = inputs[0] as (typeof inputs)[number];
  if (name !== INPUT)
    throw bad(`inputs[0].name: ${quote(name)} is not a tensor of this model; send "${INPUT}"`);
  if (datatype !== "FP32") throw bad(`inputs[0].datatype: ${quote(datatype)} is not supported; send "FP32"`);
  const [rows = 0, width] = shape;
  if (shape.length !== 2 || !Number.isInteger(rows) || rows < 1 || width !== features) {
    throw bad(
      `inputs[0].shape: ${quote(shape)} does not fit; send [rows, ${features}], with one row or more`,
    );
  }
  for (const output of outputs ?? []) {
    if (!OUTPUTS.includes(output.name)) {
      throw bad(
        `outputs: ${quote(output.name)} is not a tensor of this model; there are ${OUTPUTS.join(", ")}`,
      );
    }
  }
  return {
    id,
    rows,
    data: parseData(data, rows * features),
    outputs: outputs?.length ? outputs.map((output) => output.name) : OUTPUTS,
  };
}

/** The response to an inference request, in the format of the Open Inference Protocol. */
export function formatResponse(model: Model, request: InferenceRequest, prediction: Prediction): object {
  const { rows } = request;
  const { classes } = model;
  const tensors = [
    {
      name: "label",
      datatype: "BYTES",
      shape: [rows],
      data: prediction.labels.map((index) => classes[index]),
    },
    {
      name: "probabilities",
      datatype: "FP32",
      shape: [rows, classes.length],
      data: prediction.probabilities,
    },
  ];
  return {
    model_name: model.name,
    model_version: model.version,
    ...(request.id === undefined ? {} : { id: request.id }),
    outputs: tensors.filter(({ name }) => request.outputs.includes(name)),
  };
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

/** The protocol allows a flat tensor or one nested by rows. */
function parseData(data: readonly unknown[], expected: number): Float32Array {
  const numbers = data.flat();
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
