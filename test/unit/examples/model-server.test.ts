import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { serve, type Service } from "../../../examples/common/serve";
import { loadModel, modelFromEnv } from "../../../examples/model-server/model";
import { modelServer } from "../../../examples/model-server/routes";

const MODELS = join(import.meta.dirname, "../../../examples/model-server/models");
const SAMPLE = { inputs: [{ name: "input", shape: [1, 4], datatype: "FP32", data: [5.1, 2.5, 3, 1.1] }] };

interface Metadata {
  readonly classes: string[];
  readonly features: string[];
  readonly sample: object;
  readonly sampleLabel: string;
}

function metadata(id: string): Metadata {
  return JSON.parse(readFileSync(join(MODELS, `${id}.json`), "utf8")) as Metadata;
}

async function start(id: string, version?: string): Promise<{ service: Service; url: string }> {
  const model = await loadModel({ name: id, file: join(MODELS, `${id}.onnx`), version });
  const service = await serve(modelServer(model), { port: 0, quietMs: 0, log: () => undefined });
  return { service, url: `http://127.0.0.1:${service.port}` };
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
}

let service: Service;
let url: string;
beforeAll(async () => {
  ({ service, url } = await start("iris"));
});
afterAll(() => service.drain());

describe.each(["iris", "wine", "digits"])("the model %s", (id) => {
  test("gives its sample the label from the training, which has the highest probability", async () => {
    const { classes, features, sample, sampleLabel } = metadata(id);
    const own = await start(id);
    const response = await post(`${own.url}/v2/models/${id}/infer`, sample);
    const { outputs, ...rest } = (await response.json()) as { outputs: { data: unknown[] }[] };
    const about = (await (await fetch(`${own.url}/v2/models/${id}`)).json()) as { inputs: object[] };
    await own.service.drain();

    expect(rest).toEqual({ model_name: id, model_version: "1" });
    expect(outputs).toEqual([
      { name: "label", datatype: "BYTES", shape: [1], data: [sampleLabel] },
      { name: "probabilities", datatype: "FP32", shape: [1, classes.length], data: expect.any(Array) },
    ]);
    const probabilities = outputs[1]?.data as number[];
    expect(classes[probabilities.indexOf(Math.max(...probabilities))]).toBe(sampleLabel);
    expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    expect(about.inputs).toEqual([{ name: "input", datatype: "FP32", shape: [-1, features.length] }]);
  });
});

describe("an inference request", () => {
  test("with an id, a batch of nested rows and one output gets the same id, all rows and that output", async () => {
    const rows = [SAMPLE.inputs[0]?.data, [5.1, 3.5, 1.4, 0.2]];
    const inputs = [{ ...SAMPLE.inputs[0], shape: [2, 4], data: rows }];
    const response = await post(`${url}/v2/models/iris/versions/1/infer`, {
      id: "42",
      inputs,
      outputs: [{ name: "label" }],
    });
    expect(await response.json()).toEqual({
      model_name: "iris",
      model_version: "1",
      id: "42",
      outputs: [{ name: "label", datatype: "BYTES", shape: [2], data: ["versicolor", "setosa"] }],
    });
  });

  const [input] = SAMPLE.inputs;
  test.each([
    ["{", /^the body is not valid JSON: /],
    ["", /^the body is not valid JSON: /],
    [[], /^the body: Invalid input/],
    [{}, /^inputs: Invalid input/],
    [{ inputs: [] }, /^inputs: /],
    [{ inputs: [input, input] }, /^inputs: /],
    [
      { inputs: [{ ...input, name: "x" }] },
      'inputs[0].name: "x" is not a tensor of this model; send "input"',
    ],
    [
      { inputs: [{ ...input, datatype: "INT64" }] },
      'inputs[0].datatype: "INT64" is not supported; send "FP32"',
    ],
    [
      { inputs: [{ ...input, shape: [1, 3] }] },
      /^inputs\[0\]\.shape: \[1,3\] does not fit; send \[rows, 4\]/,
    ],
    [{ inputs: [{ ...input, shape: [0, 4], data: [] }] }, /^inputs\[0\]\.shape: \[0,4\] does not fit/],
    [{ inputs: [{ ...input, shape: [4] }] }, /^inputs\[0\]\.shape: \[4\] does not fit/],
    [{ inputs: [{ ...input, shape: [1.5, 4] }] }, /^inputs\[0\]\.shape: /],
    [{ inputs: [{ ...input, data: [1, 2, 3] }] }, "inputs[0].data: there are 3 numbers; the shape needs 4"],
    [
      { inputs: [{ ...input, data: [1, 2, "3", 4] }] },
      "inputs[0].data: element 2 is not a finite 32-bit number",
    ],
    [
      { inputs: [{ ...input, data: [1, 2, null, 4] }] },
      "inputs[0].data: element 2 is not a finite 32-bit number",
    ],
    [
      '{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,1e999,1,1]}]}',
      /element 1 is not a finite/,
    ],
    [{ inputs: [{ ...input, data: [1, 2, 3, 1e39] }] }, /element 3 is not a finite/],
    [
      { ...SAMPLE, outputs: [{ name: "score" }] },
      /^outputs: "score" is not a tensor of this model; there are label/,
    ],
    [{ ...SAMPLE, id: 7 }, /^id: Invalid input/],
  ])("of %j gets a 400 with the reason", async (body, reason) => {
    const response = await post(`${url}/v2/models/iris/infer`, body);
    const { error } = (await response.json()) as { error: string };
    expect(response.status).toBe(400);
    expect(error).toMatch(reason);
  });

  test("larger than 1 MiB gets a 413", async () => {
    expect((await post(`${url}/v2/models/iris/infer`, " ".repeat(1024 * 1024 + 1))).status).toBe(413);
  });
});

describe("a request to the model server:", () => {
  test.each([
    ["GET", "/v2", 200],
    ["GET", "/v2/health/live", 200],
    ["GET", "/v2/health/ready", 200],
    ["HEAD", "/v2/health/ready", 200],
    ["GET", "/v2/models/iris", 200],
    ["GET", "/v2/models/iris/ready", 200],
    ["GET", "/v2/models/iris/versions/1/ready", 200],
    ["GET", "/v2/models/iris/versions/2/ready", 404],
    ["GET", "/v2/models/wine", 404],
    ["POST", "/v2/models/wine/infer", 404],
    ["GET", "/", 404],
    ["GET", "/v2/models/iris/other", 404],
    ["POST", "/v2/health/ready", 405],
    ["DELETE", "/v2/models/iris", 405],
    ["GET", "/v2/models/iris/infer", 405],
  ])("%s %s gets a %i", async (method, path, status) => {
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.has("allow")).toBe(status === 405);
  });

  test("readiness gets a 503 while the server drains, and inference still gets a 200", async () => {
    const model = await loadModel({ name: "iris", file: join(MODELS, "iris.onnx") });
    const body = async () => Buffer.from(JSON.stringify(SAMPLE));
    const call = { method: "GET", draining: true, headers: {}, body };
    const handler = modelServer(model);
    const statuses = await Promise.all([
      handler({ ...call, path: "/v2/health/ready" }),
      handler({ ...call, path: "/v2/models/iris/ready" }),
      handler({ ...call, path: "/v2/health/live" }),
      handler({ ...call, path: "/v2/models/iris/infer", method: "POST" }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([503, 503, 200, 200]);
  });
});

describe("loading a model", () => {
  test("uses the file and the version in the environment, or the defaults for the name", () => {
    expect(modelFromEnv({ MODEL_NAME: "iris" })).toEqual({ name: "iris", file: "/models/iris.onnx" });
    expect(modelFromEnv({ MODEL_NAME: "a", MODEL_FILE: "/m/b.onnx", MODEL_VERSION: "2" })).toEqual({
      name: "a",
      file: "/m/b.onnx",
      version: "2",
    });
    expect(() => modelFromEnv({})).toThrow("MODEL_NAME is not set");
  });

  test("with a version reports that one", async () => {
    const own = await start("iris", "2026-11");
    const response = await post(`${own.url}/v2/models/iris/infer`, SAMPLE);
    await own.service.drain();
    expect(await response.json()).toMatchObject({ model_version: "2026-11" });
  });

  test("that does not exist is an error with the existing models", async () => {
    await expect(loadModel({ name: "churn", file: join(MODELS, "churn.onnx") })).rejects.toThrow(
      /^no model "churn": .*churn\.onnx does not exist; there are digits, iris, wine$/,
    );
  });

  test("fails for a file that is no model, and for the metadata of another model", async () => {
    const folder = mkdtempSync(join(tmpdir(), "modelfleet-models-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "iris.onnx");
    writeFileSync(file, "no model");
    copyFileSync(join(MODELS, "iris.json"), join(folder, "iris.json"));
    await expect(loadModel({ name: "iris", file })).rejects.toThrow(
      "is not a model that ONNX Runtime can load",
    );
    copyFileSync(join(MODELS, "wine.onnx"), file);
    await expect(loadModel({ name: "iris", file })).rejects.toThrow("does not accept 4 features");
  });
});
