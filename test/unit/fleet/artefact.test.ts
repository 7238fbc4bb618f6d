import { describe, expect, test } from "vitest";
import {
  artefactOf,
  type ArtefactSettings,
  artefactVariables,
  fileOf,
  mutability,
} from "../../../fleet/artefact";

const COMMIT = "c1899de289a04d12100db370d81485cdf75e47ca";
const HASH = "a".repeat(64);

test("a model without storageUri has no artefact, and no variables of one", () => {
  expect(artefactOf({})).toBeUndefined();
  expect(artefactVariables({})).toEqual({});
});

describe("an address", () => {
  test.each<[ArtefactSettings, object]>([
    [{ storageUri: "oci://a/b@sha256:1" }, { how: "image", reference: "a/b@sha256:1", path: "/mnt/models" }],
    [{ storageUri: "pvc://claim" }, { how: "claim", claim: "claim", subPath: "", path: "/mnt/models" }],
    [
      { storageUri: "pvc://claim/a//b.gguf", modelPath: "/m" },
      { how: "claim", claim: "claim", subPath: "a/b.gguf", path: "/m/b.gguf" },
    ],
    [{ storageUri: "s3://b/iris/" }, { how: "download", source: "s3://b/iris/", path: "/mnt/models" }],
    [
      { storageUri: "azure://account/models/iris/m.onnx" },
      {
        how: "download",
        source: "https://account.blob.core.windows.net/models/iris/m.onnx",
        path: "/mnt/models/m.onnx",
      },
    ],
    [
      { storageUri: "hf://a/b", revision: COMMIT },
      { how: "download", source: `hf://a/b:${COMMIT}` },
    ],
  ])("%o is %o", (settings, expected) => {
    expect(artefactOf(settings)).toMatchObject(expected);
  });

  const streams = { s3: ["--stream"], hf: ["--revision=$(MODEL_REVISION)"] };

  test("that the server loads by itself is left to it, with the arguments for it", () => {
    expect(artefactOf({ storageUri: "s3://b/m", streams })).toEqual({
      ...{ scheme: "s3", how: "engine", path: "s3://b/m", args: ["--stream"], revision: undefined },
    });
    expect(artefactVariables({ storageUri: "s3://b/m", streams })).toEqual({ MODEL_PATH: "s3://b/m" });
    expect(artefactVariables({ storageUri: "hf://a/b", streams })).toEqual({
      ...{ MODEL_PATH: "a/b", MODEL_REVISION: "main" },
    });
    expect(artefactVariables({ storageUri: "hf://a/b:v1", streams })).toMatchObject({ MODEL_REVISION: "v1" });
  });

  test.each([{ cache: "claim" }, { sha256: HASH }])("is downloaded with %o, though a server could", (own) => {
    expect(artefactOf({ storageUri: "s3://b/m.gguf", streams, ...own })).toMatchObject({ how: "download" });
  });

  test("of a scheme that the server cannot load is downloaded", () => {
    expect(artefactOf({ storageUri: "gs://b/m", streams })).toMatchObject({ how: "download" });
  });
});

test.each([
  ["s3://b/iris/model.joblib", "model.joblib"],
  ["https://h/a/llama-3.1-q4.gguf", "llama-3.1-q4.gguf"],
  ["s3://b/llama-3.1", undefined],
  ["s3://b/v1.2.3", undefined],
  ["s3://b/model.v2/", undefined],
  ["s3://bucket.name", undefined],
  ["https://h/iris.tar.gz", undefined],
  ["hf://a/model.gguf", undefined],
  ["oci://a/b.c", undefined],
])("%s names the file %s", (uri, file) => {
  expect(fileOf(uri)).toBe(file);
});

test.each<[ArtefactSettings, string | undefined]>([
  [{}, undefined],
  [{ storageUri: `oci://a/b@sha256:${HASH}` }, undefined],
  [{ storageUri: "oci://a/b:1" }, "names a tag, which may move; add the digest: @sha256:<digest>"],
  [{ storageUri: "hf://a/b", revision: COMMIT }, undefined],
  [{ storageUri: `hf://a/b:${COMMIT}` }, undefined],
  [{ storageUri: "hf://a/b", revision: "v1" }, "names no commit; set revision to a commit's 40 digits"],
  [{ storageUri: "s3://b/m.onnx", sha256: HASH }, undefined],
  [{ storageUri: "s3://b/m.onnx" }, "names a file that may be replaced; set its sha256"],
  [
    { storageUri: "s3://b/m" },
    "names a folder, whose content may change; use oci:// with a digest, or one file with sha256",
  ],
  [
    { storageUri: "https://h/m.zip" },
    "names an archive, whose content may change; use oci:// with a digest, or one file with sha256",
  ],
  [
    { storageUri: "pvc://c/m.onnx" },
    "names a claim, whose content may change; use oci:// with a digest, or one file with sha256",
  ],
])("the content of %o may change: %s", (settings, reason) => {
  expect(mutability(settings)).toBe(reason);
});
