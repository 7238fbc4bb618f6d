/** The package has no types; it exports the names of onnxruntime-common. */
declare module "onnxruntime-node" {
  export * from "onnxruntime-common";
}
