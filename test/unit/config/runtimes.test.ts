import { describe, expect, test } from "vitest";
import { runtime } from "../../../config/model-schema";
import { PRESETS } from "../../../config/presets";
import { fleetOf, problems } from "../../support/settings";

const AT = { storageUri: "pvc://models/iris" };

/** The resolved settings of `iris`, or their problems. */
function resolved(own: Record<string, unknown>, others: Record<string, unknown> = {}) {
  const values = { models: "iris", catalog: { iris: own }, ...others };
  const found = problems(values);
  return found.length > 0 ? found : fleetOf({ ...values, defaults: {}, ...others }).models[0];
}

describe("a runtime", () => {
  test("says the image, the port and the rest", () => {
    expect(resolved({ runtime: "mlserver", ...AT })).toMatchObject({
      image: "docker.io/seldonio/mlserver:1.7.1",
      port: 8080,
      readiness: { path: "/v2/health/ready", periodSeconds: 5 },
      startupSeconds: 300,
    });
  });

  test("loses against what is beside it", () => {
    const own = { runtime: "triton", image: "mirror.example/triton:1", port: 9000, ...AT };
    expect(resolved(own)).toMatchObject({ image: "mirror.example/triton:1", port: 9000 });
  });

  test("of a model wins over defaults, and leaves out their arguments of another server", () => {
    const defaults = { image: "other.example/server:1", port: 1234, command: ["serve"], args: ["--fast"] };
    const model = resolved({ runtime: "llama-cpp", ...AT }, { defaults });
    expect(model).toMatchObject({ image: PRESETS["llama-cpp"]?.settings.image, port: 8080 });
    expect(model).not.toHaveProperty("command");
    expect(model).not.toHaveProperty("args");
  });

  test("of defaults loses against the model's own settings", () => {
    const defaults = { runtime: "vllm", startupSeconds: 60 };
    const model = resolved({ port: 9000, ...AT }, { defaults });
    expect(model).toMatchObject({ image: PRESETS["vllm"]?.settings.image, port: 9000, startupSeconds: 60 });
  });

  test("of a model leaves nothing of the one that defaults name", () => {
    const model = resolved({ runtime: "mlserver", ...AT }, { defaults: { runtime: "ollama" } });
    expect(model).toHaveProperty("env.MLSERVER_HTTP_PORT", "$(PORT)");
    expect(model).not.toHaveProperty("env.OLLAMA_HOST");
  });

  test("is removed by null", () => {
    const model = resolved({ runtime: null, image: "a/b:1" }, { defaults: { runtime: "ollama" } });
    expect(model).toMatchObject({ image: "a/b:1", env: {} });
  });

  test("may differ per variant", () => {
    const variants = { a: { runtime: "vllm" }, b: { runtime: "sglang" } };
    expect(resolved({ champion: "a", variants, ...AT })).toMatchObject({
      port: 8000,
      challengers: [{ variant: "b", port: 30_000 }],
    });
  });

  test("of the fleet's own is in the same form, and may change a preset", () => {
    const runtimes = {
      scorer: { image: "a/scorer:1", port: 9000 },
      vllm: { image: "mirror.example/vllm:1" },
    };
    expect(resolved({ runtime: "scorer" }, { runtimes })).toMatchObject({ image: "a/scorer:1", port: 9000 });
    expect(resolved({ runtime: "vllm", ...AT }, { runtimes })).toMatchObject({
      image: "mirror.example/vllm:1",
      command: PRESETS["vllm"]?.settings.command,
    });
  });
});

describe("problems of runtimes", () => {
  test("an unknown one is a problem where it is written, with the nearest name, and no image is missed", () => {
    const catalog = {
      iris: { champion: "a", variants: { a: { runtime: "vlm" }, b: {} } },
      parked: { runtime: "zzzzzzzzzz" },
    };
    expect(problems({ models: "iris", defaults: { runtime: "mlsever" }, catalog })).toEqual([
      'defaults.runtime: "mlsever" is no runtime; did you mean "mlserver"?',
      'catalog.iris.variants.a.runtime: "vlm" is no runtime; did you mean "vllm"?',
      'catalog.parked.runtime: "zzzzzzzzzz" is no runtime; known: llama-cpp, mlserver, ollama, sglang, tensorflow-serving, triton, vllm, and those of runtimes',
    ]);
  });

  test("it loads an artefact that the model lacks", () => {
    expect(resolved({ runtime: "vllm" })).toEqual([
      'catalog.iris.storageUri: is missing: the runtime "vllm" loads the model from it; set it, or env.MODEL_PATH if the image has the model',
    ]);
    expect(resolved({ runtime: "vllm", env: { MODEL_PATH: "/model" } })).toMatchObject({ port: 8000 });
  });

  test("a variable or an argument that contradicts the port or the artefact", () => {
    const env = { MLSERVER_HTTP_PORT: "9000", MLSERVER_MODEL_URI: "/elsewhere" };
    expect(resolved({ runtime: "mlserver", env, ...AT })).toEqual([
      'catalog.iris.env.MLSERVER_HTTP_PORT: contradicts port (8080): the runtime "mlserver" has $(PORT) there; remove it, and set port',
      'catalog.iris.env.MLSERVER_MODEL_URI: contradicts storageUri (pvc://models/iris): the runtime "mlserver" has $(MODEL_PATH) there; remove it, and set storageUri',
    ]);
    expect(resolved({ runtime: "vllm", args: ["--seed=1", "--port=9000"], ...AT })).toEqual([
      'catalog.iris.args[1]: contradicts port (8000): the runtime "vllm" has $(PORT) there; remove it, and set port',
    ]);
  });

  test("no contradiction: the same port, a path below, another name, a removed variable", () => {
    const own = [
      {
        runtime: "mlserver",
        env: { MLSERVER_HTTP_PORT: "8080", MLSERVER_MODEL_URI: "$(MODEL_PATH)/a.joblib" },
      },
      { runtime: "mlserver", env: { MLSERVER_MODEL_URI: null } },
      { runtime: "vllm", args: ["--served-model-name=other", "--max-model-len=1024"] },
    ];
    for (const one of own) expect(resolved({ ...one, ...AT })).toHaveProperty("port");
  });

  test("a secret in one of the fleet's own is found", () => {
    const runtimes = { scorer: { image: "a/b:1", env: { API_TOKEN: "x" } } };
    expect(resolved({ runtime: "scorer" }, { runtimes })).toContainEqual(
      expect.stringMatching(/^runtimes\.scorer\.env\.API_TOKEN: the name "API_TOKEN" looks like a secret/),
    );
  });

  test("a setting of one model has no place in it", () => {
    expect(resolved({ runtime: "a" }, { runtimes: { a: { image: "a/b:1", ...AT } } })).toContainEqual(
      expect.stringMatching(/^runtimes\.a\.storageUri: unknown key/),
    );
  });
});

/**
 * What each server's documentation says of the version that its preset names: how it is told the port, the model and the name of the model,
 * and the path that answers once it can predict.
 */
const DOCUMENTED: Record<string, { sets: string[]; port: number; ready: string }> = {
  // https://mlserver.readthedocs.io/en/stable/reference/settings.html: prefixes MLSERVER_ and MLSERVER_MODEL_
  mlserver: {
    sets: [
      "MLSERVER_HTTP_PORT=$(PORT)",
      "MLSERVER_MODEL_URI=$(MODEL_PATH)",
      "MLSERVER_MODEL_NAME=$(MODEL_NAME)",
    ],
    port: 8080,
    ready: "/v2/health/ready",
  },
  // src/command_line_parser.cc of triton-inference-server/server
  triton: {
    sets: ["--http-port=$(PORT)", "--model-repository=$(MODEL_PATH)"],
    port: 8000,
    ready: "/v2/health/ready",
  },
  // https://docs.vllm.ai/en/stable/cli/serve/
  vllm: {
    sets: ["--port=$(PORT)", "serve $(MODEL_PATH)", "--served-model-name=$(MODEL_NAME)", "--host=0.0.0.0"],
    port: 8000,
    ready: "/health",
  },
  // https://docs.sglang.io/docs/advanced_features/server_arguments: without --host it listens on 127.0.0.1
  sglang: {
    sets: [
      ...["--port=$(PORT)", "--model-path=$(MODEL_PATH)", "--served-model-name=$(MODEL_NAME)"],
      "--host=0.0.0.0",
    ],
    port: 30_000,
    ready: "/health",
  },
  // tools/server/README.md of ggml-org/llama.cpp: "(env: ...)" of each argument
  "llama-cpp": {
    sets: [
      ...["LLAMA_ARG_PORT=$(PORT)", "LLAMA_ARG_MODEL=$(MODEL_PATH)", "LLAMA_ARG_ALIAS=$(MODEL_NAME)"],
      "LLAMA_ARG_HOST=0.0.0.0",
    ],
    port: 8080,
    ready: "/health",
  },
  // envconfig/config.go of ollama/ollama
  ollama: {
    sets: ["OLLAMA_HOST=0.0.0.0:$(PORT)", "OLLAMA_MODELS=$(MODEL_PATH)", "OLLAMA_NOPRUNE=1"],
    port: 11_434,
    ready: "/api/version",
  },
  // tensorflow_serving/model_servers/main.cc of tensorflow/serving
  "tensorflow-serving": {
    sets: ["--rest_api_port=$(PORT)", "--model_base_path=$(MODEL_PATH)", "--model_name=model"],
    port: 8501,
    ready: "/v1/models/model",
  },
};

describe.each(Object.entries(PRESETS))("the preset %s", (name, { settings, about, sources }) => {
  const documented = DOCUMENTED[name];
  const words = (settings.command ?? []).join(" ");
  const variables = Object.entries(settings.env ?? {}).map(([key, value]) => `${key}=${String(value)}`);

  test("has settings without a problem, a pinned image, a text and its sources", () => {
    expect(runtime.safeParse(settings).error).toBeUndefined();
    expect(settings.image).toMatch(/^[a-z.]+\.[a-z]+\/.+:(?!latest).*\d/);
    expect(about).toMatch(/\.$/);
    expect(sources.every((url) => url.startsWith("https://"))).toBe(true);
  });

  test("tells the server what its documentation says", () => {
    const said = [words, ...variables].join(" ");
    expect(documented?.sets.filter((text) => !said.includes(text))).toEqual([]);
    expect(settings).toMatchObject({ port: documented?.port, readiness: { path: documented?.ready } });
  });
});

test("every preset is compared with its documentation", () => {
  expect(Object.keys(DOCUMENTED).sort()).toEqual(Object.keys(PRESETS).sort());
});
