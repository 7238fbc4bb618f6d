import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve, type Service } from "../../../examples/common/serve";
import { loadModel } from "../../../examples/model-server/model";
import { modelServer } from "../../../examples/model-server/routes";

const FILE = join(import.meta.dirname, "../../../examples/model-server/models/iris.onnx");

let service: Service;
let url: string;
beforeAll(async () => {
  const model = await loadModel({ name: "iris", file: FILE });
  service = await serve(modelServer(model), { port: 0, quietMs: 0, log: () => undefined });
  url = `http://127.0.0.1:${service.port}/v2/models/iris/infer`;
});
afterAll(() => service.drain());

describe("an inference request with the binary tensor extension", () => {
  const NAME = "Inference-Header-Content-Length";
  const ROW = [5.1, 2.5, 3, 1.1];
  const bytesOf = (numbers: readonly number[]) => {
    const bytes = Buffer.alloc(numbers.length * 4);
    numbers.forEach((number, index) => bytes.writeFloatLE(number, index * 4));
    return bytes;
  };
  const input = (size: number | undefined, more: object = {}) => ({
    ...{ name: "input", shape: [1, 4], datatype: "FP32", ...more },
    parameters: { binary_data_size: size },
  });
  const send = (json: object, tensors: Buffer, length?: string) => {
    const head = Buffer.from(JSON.stringify(json));
    const headers = { [NAME]: length ?? String(head.length) };
    return fetch(url, {
      method: "POST",
      body: Uint8Array.from(Buffer.concat([head, tensors])),
      ...(length !== "" && { headers }),
    });
  };

  test("gets the same prediction as with JSON, in JSON unless it asks for bytes", async () => {
    const response = await send({ inputs: [input(16)] }, bytesOf(ROW));
    const asJson = await send({ inputs: [input(undefined, { data: ROW })] }, Buffer.alloc(0));
    expect(response.headers.has(NAME)).toBe(false);
    expect(await response.json()).toEqual(await asJson.json());
  });

  test.each([
    ["the request", { parameters: { binary_data_output: true } }, [14, 12]],
    [
      "its outputs",
      {
        outputs: [
          { name: "probabilities", parameters: { binary_data: true } },
          { name: "label", parameters: { binary_data: false } },
        ],
      },
      [undefined, 12],
    ],
  ])("gets its tensors as bytes where %s says so", async (_where, wants, sizes) => {
    const response = await send({ inputs: [input(16)], ...wants }, bytesOf(ROW));
    const body = Buffer.from(await response.arrayBuffer());
    const end = Number(response.headers.get(NAME));
    const { outputs } = JSON.parse(body.subarray(0, end).toString()) as {
      outputs: { name: string; data?: unknown; parameters?: { binary_data_size: number } }[];
    };
    expect(outputs.map(({ parameters }) => parameters?.binary_data_size)).toEqual(sizes);
    expect(outputs.map(({ data }) => data)).toEqual([sizes[0] ? undefined : ["versicolor"], undefined]);
    const tensors = body.subarray(end);
    expect(tensors.length).toBe(sizes.reduce<number>((sum, size = 0) => sum + size, 0));
    const probabilities = tensors.subarray(-12);
    expect(probabilities.readFloatLE(4)).toBeCloseTo(0.837, 3);
    if (sizes[0]) {
      expect(tensors.readUInt32LE(0)).toBe(10);
      expect(tensors.subarray(4, 14).toString()).toBe("versicolor");
    }
  });

  const field = "inputs[0].parameters.binary_data_size";
  test.each<[string, object, Buffer, string | undefined, string]>([
    ["no header", input(16), bytesOf([]), "", `${field}: needs the header ${NAME}`],
    ["a header past the end", input(16), bytesOf(ROW), "999", `${NAME}: "999" is not the length of the JSON`],
    ["a header that is no number", input(16), bytesOf(ROW), "0x10", `${NAME}: "0x10" is not the length`],
    ["no JSON", input(16), bytesOf(ROW), "0", `${NAME}: "0" is not the length of the JSON in bytes (1 to`],
    [
      "too few numbers",
      input(12),
      bytesOf([1, 2, 3]),
      undefined,
      `${field}: 12 does not fit; the shape needs 16`,
    ],
    [
      "too few bytes",
      input(16),
      bytesOf([1, 2, 3]),
      undefined,
      `there are 12 bytes after the JSON; ${field} says 16`,
    ],
    [
      "no size",
      input(undefined, { data: ROW }),
      bytesOf(ROW),
      undefined,
      `there are 16 bytes after the JSON; set ${field}`,
    ],
    [
      "no data and no size",
      input(undefined),
      bytesOf([]),
      undefined,
      "inputs[0].data: is missing; send the numbers",
    ],
    [
      "both data and a size",
      input(16, { data: ROW }),
      bytesOf(ROW),
      undefined,
      "inputs[0].data: is set, and so is",
    ],
    [
      "a number that is not finite",
      input(16),
      bytesOf([1, NaN, 3, 4]),
      undefined,
      "inputs[0].data: element 1 is not a finite",
    ],
    [
      "another data type",
      input(16, { datatype: "FP64" }),
      bytesOf(ROW),
      undefined,
      'inputs[0].datatype: "FP64" is not supported; send "FP32"',
    ],
  ])("and %s gets a 400 with the reason", async (_what, one, tensors, length, reason) => {
    const response = await send({ inputs: [one] }, tensors, length);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain(reason);
  });
});
