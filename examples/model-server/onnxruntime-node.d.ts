/** The package ships no types of its own; what it exports is this. */
declare module "onnxruntime-node" {
  export * from "onnxruntime-common";
}
