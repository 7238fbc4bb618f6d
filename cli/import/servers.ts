/** Which server serves what, in this project's names. */

/** What MLServer calls the formats of its models. */
export const MLSERVER_CLASSES: Readonly<Record<string, string>> = {
  sklearn: "mlserver_sklearn.SKLearnModel",
  xgboost: "mlserver_xgboost.XGBoostModel",
  lightgbm: "mlserver_lightgbm.LightGBMModel",
  mlflow: "mlserver_mlflow.MLflowRuntime",
  huggingface: "mlserver_huggingface.HuggingFaceRuntime",
  "alibi-detect": "mlserver_alibi_detect.AlibiDetectRuntime",
  "alibi-explain": "mlserver_alibi_explain.AlibiExplainRuntime",
};

/** KServe's own ServingRuntimes that are built in here too. */
export const KSERVE_RUNTIMES: Readonly<Record<string, string>> = {
  "kserve-mlserver": "mlserver",
  "kserve-tritonserver": "triton",
  "kserve-tensorflow-serving": "tensorflow-serving",
  "kserve-vllmserver": "vllm",
};

/** The server of a format where no document of a runtime says one. */
export function serverOf(format: string, protocol: string): string | undefined {
  switch (format.toLowerCase()) {
    case "sklearn":
    case "xgboost":
    case "lightgbm":
    case "mlflow":
      return "mlserver";
    case "tensorflow":
      return protocol === "v1" || protocol === "grpc-v1" ? "tensorflow-serving" : "triton";
    case "onnx":
    case "tensorrt":
    case "triton":
    case "pytorch":
      return format === "pytorch" && protocol === "v1" ? undefined : "triton";
    case "vllm":
      return "vllm";
    default:
      return undefined;
  }
}
