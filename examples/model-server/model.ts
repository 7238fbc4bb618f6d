import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { z } from "zod";
import { UserError } from "../../lib/user-error";

const SUFFIX = ".onnx";

const metadataSchema = z.object({
  version: z.string(),
  classes: z.array(z.string()).min(2),
  features: z.array(z.string()).min(1),
});

/** The result for a batch: per row, the index of its class and the probability of every class. */
export interface Prediction {
  readonly labels: readonly number[];
  /** Row by row, one number per class. */
  readonly probabilities: readonly number[];
}

/** A loaded classifier. */
export interface Model {
  readonly name: string;
  readonly version: string;
  readonly classes: readonly string[];
  readonly features: readonly string[];
  /** Classifies `rows` rows, each with one number per feature. */
  readonly predict: (data: Float32Array, rows: number) => Promise<Prediction>;
}

/** The model to load, from `MODEL_NAME`, `MODEL_FILE` and `MODEL_VERSION`. */
export interface ModelSource {
  readonly name: string;
  /** Path of the ONNX file; its metadata is in the `.json` file beside it. */
  readonly file: string;
  /** The version to report. @default the version in the metadata */
  readonly version?: string | undefined;
}

/** Reads the model server's environment variables. */
export function modelFromEnv(env: NodeJS.ProcessEnv): ModelSource {
  const { MODEL_NAME: name, MODEL_FILE, MODEL_VERSION: version } = env;
  if (!name)
    throw new UserError("MODEL_NAME is not set; set it to the ID of the model to serve, such as iris");
  return { name, file: MODEL_FILE ?? `/models/${name}${SUFFIX}`, version };
}

/** Loads a model and runs it once, so that the first request is as fast as any other. */
export async function loadModel({ name, file, version }: ModelSource): Promise<Model> {
  if (!existsSync(file))
    throw new UserError(`no model "${name}": ${file} does not exist${await neighbours(file)}`);
  const metadata = await readMetadata(file);
  const session = await createSession(file);
  const width = metadata.features.length;

  async function predict(data: Float32Array, rows: number): Promise<Prediction> {
    const { label, probabilities } = await session.run({ input: new Tensor("float32", data, [rows, width]) });
    return {
      labels: Array.from(label?.data as BigInt64Array, Number),
      probabilities: Array.from(probabilities?.data as Float32Array),
    };
  }

  const warmUp = await predict(new Float32Array(width), 1).catch((error: unknown) => {
    throw new UserError(`${file} does not accept ${width} features: ${(error as Error).message}`);
  });
  if (warmUp.probabilities.length !== metadata.classes.length) {
    throw new UserError(
      `${file} has ${warmUp.probabilities.length} classes, but its metadata has ${metadata.classes.length}`,
    );
  }
  return { ...metadata, name, version: version || metadata.version, predict };
}

async function createSession(file: string): Promise<InferenceSession> {
  // One thread: more do not speed up a small model, and a node runs many models.
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const session = await InferenceSession.create(file, options).catch((error: unknown) => {
    throw new UserError(`${file} is not a model that ONNX Runtime can load: ${(error as Error).message}`);
  });
  const signature = [...session.inputNames, ...session.outputNames].join(", ");
  if (signature !== "input, label, probabilities") {
    throw new UserError(`${file} has the tensors ${signature}, but must have input, label, probabilities`);
  }
  return session;
}

async function readMetadata(file: string): Promise<z.infer<typeof metadataSchema>> {
  const path = `${file.slice(0, file.endsWith(SUFFIX) ? -SUFFIX.length : undefined)}.json`;
  try {
    return metadataSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    throw new UserError(`${path} is not the metadata of a model: ${(error as Error).message}`);
  }
}

async function neighbours(file: string): Promise<string> {
  const files = await readdir(dirname(file)).catch(() => []);
  const names = files.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
  return names.length === 0 ? "" : `; there are ${names.sort().join(", ")}`;
}
