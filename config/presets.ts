import type { z } from "zod";
import type { runtime } from "./model-schema";

/**
 * The runtimes that every fleet knows, as settings of a model. What a server needs is in `command` and `env`, so that
 * `args` are the user's. `npm run docs` writes docs/runtimes.md from this; a test compares it with each server's own
 * documentation.
 *
 * A server whose image runs as root gets a user ID, since the fleet's pods refuse root.
 */
export interface Preset {
  /** What it serves, and what its files are, for the reference. */
  readonly about: string;
  /** Where its flags, variables and paths are documented. */
  readonly sources: readonly string[];
  readonly settings: z.input<typeof runtime>;
}

/** For images without a user of their own. */
const USER = 1000;

export const PRESETS: Readonly<Record<string, Preset>> = {
  mlserver: {
    about:
      "scikit-learn, XGBoost, LightGBM, MLflow and others, by the Open Inference Protocol. A folder with a `model-settings.json`; " +
      "without one, or with a single file, `env.MLSERVER_MODEL_IMPLEMENTATION` says which kind it is, such as `mlserver_sklearn.SKLearnModel`.",
    sources: [
      "https://mlserver.readthedocs.io/en/stable/reference/settings.html",
      "https://mlserver.readthedocs.io/en/stable/reference/model-settings.html",
    ],
    settings: {
      image: "docker.io/seldonio/mlserver:1.7.1",
      env: {
        MLSERVER_HTTP_PORT: "$(PORT)",
        MLSERVER_MODELS_DIR: "$(MODEL_PATH)",
        MLSERVER_MODEL_NAME: "$(MODEL_NAME)",
        MLSERVER_MODEL_URI: "$(MODEL_PATH)",
        // Their defaults are in the working directory, which may be read-only.
        MLSERVER_METRICS_DIR: "/tmp/metrics",
        MLSERVER_ENVIRONMENTS_DIR: "/tmp/environments",
      },
      port: 8080,
      metrics: { port: 8082 },
      readiness: { path: "/v2/health/ready" },
      startupSeconds: 300,
    },
  },
  triton: {
    about:
      "ONNX, TensorRT, PyTorch, Python and others, by the Open Inference Protocol. A model repository: `<model>/config.pbtxt` and " +
      "`<model>/<version>/...`; requests name the models as their folders.",
    sources: [
      "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/getting_started/quickstart.html",
      "https://github.com/triton-inference-server/server/blob/main/src/command_line_parser.cc",
    ],
    settings: {
      image: "nvcr.io/nvidia/tritonserver:26.07-py3",
      command: [
        "/opt/nvidia/nvidia_entrypoint.sh",
        "tritonserver",
        "--model-repository=$(MODEL_PATH)",
        "--http-port=$(PORT)",
      ],
      port: 8000,
      metrics: { port: 8002 },
      readiness: { path: "/v2/health/ready" },
      startupSeconds: 600,
      runAsUser: USER,
    },
  },
  vllm: {
    about:
      "Large language models, by OpenAI's API. A folder as on Hugging Face; the name of the model in requests is its ID.",
    sources: [
      "https://docs.vllm.ai/en/stable/cli/serve/",
      "https://docs.vllm.ai/en/stable/models/extensions/runai_model_streamer/",
    ],
    settings: {
      image: "docker.io/vllm/vllm-openai:v0.33.0",
      command: [
        ...["vllm", "serve", "$(MODEL_PATH)", "--served-model-name=$(MODEL_NAME)"],
        ...["--host=0.0.0.0", "--port=$(PORT)"],
      ],
      // Python looks up the name of the user, who has none in the image.
      env: { USER: "vllm" },
      port: 8000,
      metrics: {},
      readiness: { path: "/health" },
      startupSeconds: 1800,
      runAsUser: USER,
      streams: {
        hf: ["--revision=$(MODEL_REVISION)"],
        s3: ["--load-format=runai_streamer"],
        gs: ["--load-format=runai_streamer"],
      },
    },
  },
  sglang: {
    about:
      "Large language models, by OpenAI's API. A folder as on Hugging Face; the name of the model in requests is its ID.",
    sources: [
      "https://docs.sglang.io/docs/advanced_features/server_arguments",
      "https://docs.sglang.io/docs/advanced_features/object_storage",
    ],
    settings: {
      image: "docker.io/lmsysorg/sglang:v0.5.23",
      command: [
        ...["python3", "-m", "sglang.launch_server", "--model-path=$(MODEL_PATH)"],
        ...["--served-model-name=$(MODEL_NAME)", "--host=0.0.0.0", "--port=$(PORT)", "--enable-metrics"],
      ],
      env: { USER: "sglang" },
      port: 30000,
      metrics: {},
      readiness: { path: "/health" },
      startupSeconds: 1800,
      runAsUser: USER,
      // Not s3 and gs: not every image of it has the streamer for them.
      streams: { hf: ["--revision=$(MODEL_REVISION)"] },
    },
  },
  "llama-cpp": {
    about: "Large language models on CPUs and small GPUs, by OpenAI's API. One `.gguf` file.",
    sources: ["https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"],
    settings: {
      image: "ghcr.io/ggml-org/llama.cpp:server-b11206",
      env: {
        LLAMA_ARG_MODEL: "$(MODEL_PATH)",
        LLAMA_ARG_ALIAS: "$(MODEL_NAME)",
        LLAMA_ARG_HOST: "0.0.0.0",
        LLAMA_ARG_PORT: "$(PORT)",
        LLAMA_ARG_ENDPOINT_METRICS: "1",
      },
      port: 8080,
      metrics: {},
      readiness: { path: "/health" },
      startupSeconds: 600,
      runAsUser: USER,
    },
  },
  ollama: {
    about:
      "Large language models, by Ollama's and OpenAI's API. A folder of Ollama's own, with `blobs` and `manifests`; requests name the " +
      "models as that folder does.",
    sources: [
      "https://docs.ollama.com/faq",
      "https://github.com/ollama/ollama/blob/main/envconfig/config.go",
    ],
    settings: {
      image: "docker.io/ollama/ollama:0.32.15",
      env: {
        OLLAMA_HOST: "0.0.0.0:$(PORT)",
        OLLAMA_MODELS: "$(MODEL_PATH)",
        // The folder is read-only, and a model is to stay loaded.
        OLLAMA_NOPRUNE: "1",
        OLLAMA_KEEP_ALIVE: "-1",
      },
      port: 11434,
      readiness: { path: "/api/version" },
      startupSeconds: 300,
      runAsUser: USER,
    },
  },
  "tensorflow-serving": {
    about:
      "TensorFlow's SavedModels, by TensorFlow Serving's own API. A folder with a folder per version: `1/saved_model.pb`. Requests name the " +
      "model `model`, as in the image's own command: `/v1/models/model:predict`.",
    sources: [
      "https://www.tensorflow.org/tfx/serving/docker",
      "https://github.com/tensorflow/serving/blob/master/tensorflow_serving/model_servers/main.cc",
    ],
    settings: {
      image: "docker.io/tensorflow/serving:2.20.0",
      command: [
        ...["tensorflow_model_server", "--port=8500", "--rest_api_port=$(PORT)"],
        ...["--model_name=model", "--model_base_path=$(MODEL_PATH)"],
      ],
      port: 8501,
      // It has no other health path, and a probe knows no variables: hence the name.
      readiness: { path: "/v1/models/model" },
      startupSeconds: 300,
      runAsUser: USER,
    },
  },
};
