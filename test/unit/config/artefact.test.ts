import { describe, expect, test } from "vitest";
import { neededObjects } from "../../../config/needed";
import { modelOf, problems, withImage } from "../../support/settings";

const HASH = "a".repeat(64);
const found = (iris: Record<string, unknown>, others: Record<string, unknown> = {}) =>
  problems(withImage({ catalog: { iris }, ...others })).map((line) => line.replace("catalog.iris.", ""));

describe("storageUri", () => {
  test.each([
    "oci://registry.example/iris@sha256:" + HASH,
    ...["pvc://claim", "pvc://claim/a/b", "s3://bucket/a", "gs://bucket_1/a", "hf://owner/model.v1"],
    ...[
      "hf://owner/model:v1",
      "https://host:8443/a/b.onnx",
      "http://10.0.0.1:9000/a.zip",
      "azure://account/models/a",
    ],
  ])("may be %s", (storageUri) => {
    expect(found({ storageUri })).toEqual([]);
  });

  test.each([
    ["s4://a/b", "has none of the known schemes; write oci://<image>@sha256:<digest>, pvc:"],
    ["/mnt/x", "has none of the known schemes"],
    ["oci://Upper/case", 'has "Upper" in its name, which must be in lower case; write "upper"'],
    ["pvc://", "is not like pvc://<claim>/<path>"],
    ["pvc://Claim/a", "is not like pvc://<claim>/<path>"],
    ["pvc://claim/../a", 'has the part ".."; remove it'],
    ["s3://b", "is not like s3://<bucket>/<path>"],
    ["hf://model", "is not like hf://<owner>/<model>"],
    ["hf://a/b/c", "is not like hf://<owner>/<model>"],
    ["https://host", "is not like https://<host>/<path>"],
    ["https://u:p@host/x", "has a password, which must not be in plain text"],
    ["https://host/a?sig=abc", 'has a "?" or "#": what follows often is a key'],
    ["azure://account", "is not like azure://<account>/<container>/<path>"],
    ["s3://bucket/a b", "has white space; remove it"],
  ])("may not be %s", (storageUri, rule) => {
    expect(found({ storageUri })).toContainEqual(expect.stringContaining(rule));
  });
});

test.each([
  [{ sha256: HASH }, 'sha256: "' + HASH + '" has no effect without storageUri; set that, or remove this'],
  [{ cache: "c" }, 'cache: "c" has no effect without storageUri; set that, or remove this'],
  [
    { storageUri: "s3://bucket/a", revision: "v1" },
    'revision: "v1" is that of an hf:// model, and storageUri is s3://; remove it',
  ],
  [
    { storageUri: "hf://a/b:v1", revision: "v2" },
    'revision: "v2" is set beside the one in storageUri; remove one of the two',
  ],
  [
    { storageUri: "s3://bucket/a", sha256: HASH },
    `sha256: "${HASH}" is that of a file, and storageUri names a folder; remove it, or name a file`,
  ],
  [
    { storageUri: "s3://bucket/a.tar.gz", sha256: HASH },
    `sha256: "${HASH}" is that of a file, and an archive is unpacked before it could be compared; remove it, or name a file`,
  ],
  [
    { storageUri: "oci://a/b", sha256: HASH },
    `sha256: "${HASH}" is that of a file, and an image has a digest in its reference; remove it, or name a file`,
  ],
  [
    { storageUri: "pvc://c/a.onnx", sha256: HASH },
    `sha256: "${HASH}" is compared after a download, and a claim is mounted as it is; remove it`,
  ],
  [
    { storageUri: "oci://a/b", cache: "c" },
    'cache: "c" keeps downloads, and oci:// is mounted without one; remove it',
  ],
])("%o is a problem", (settings, text) => {
  expect(found(settings)).toEqual([text]);
});

test("a volume of the settings has no place where the model is", () => {
  const volumes = { data: { mountPath: "/mnt/models", emptyDir: {} } };
  expect(found({ storageUri: "s3://bucket/a", volumes })).toEqual([
    'modelPath: "/mnt/models" is also where volumes.data is; give it another path, or remove one of the two',
  ]);
});

test("an artefact that may change is an error with requirePinned", () => {
  const storage = { requirePinned: true };
  expect(found({ storageUri: "hf://a/b", revision: "main" }, { storage })).toEqual([
    'storageUri: "hf://a/b" names no commit (storage.requirePinned is true); set revision to a commit\'s 40 digits',
  ]);
  expect(found({ storageUri: "s3://bucket/a.onnx", sha256: HASH }, { storage })).toEqual([]);
});

test("MODEL_PATH is a variable where there is an artefact", () => {
  const args = ["--model=$(MODEL_PATH)"];
  expect(found({ args, storageUri: "s3://bucket/a" })).toEqual([]);
  expect(found({ args })).toEqual([
    expect.stringMatching(/^args\[0\]: refers to \$\(MODEL_PATH\), and there is no such variable/),
  ]);
});

test("a claim must exist, that of a cache too", () => {
  expect(neededObjects([modelOf({ storageUri: "pvc://models/iris" })])).toEqual([
    { kind: "persistentvolumeclaim", name: "models", path: "catalog.iris.storageUri" },
  ]);
  expect(neededObjects([modelOf({ storageUri: "s3://bucket/a", cache: "kept" })])).toEqual([
    { kind: "persistentvolumeclaim", name: "kept", path: "catalog.iris.cache" },
  ]);
});
