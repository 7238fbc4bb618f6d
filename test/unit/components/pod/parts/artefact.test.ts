import { describe, expect, test } from "vitest";
import { artefact } from "../../../../../components/pod/parts/artefact";
import { fleetOf, modelOf } from "../../../../support/settings";

const ARGS = { name: "iris", stack: "dev" };
const HASH = "a".repeat(64);
const partOf = (settings: Record<string, unknown>, args = {}) =>
  artefact(modelOf(settings), { ...ARGS, ...args });

test("a model without an artefact gets nothing", () => {
  expect(partOf({})).toEqual({});
});

test("an image is a volume of its own, by its digest", () => {
  const reference = `registry.example/iris@sha256:${HASH}`;
  expect(partOf({ storageUri: `oci://${reference}` })).toEqual({
    container: { volumeMounts: [{ name: "model", mountPath: "/mnt/models", readOnly: true }] },
    pod: { volumes: [{ name: "model", image: { reference } }] },
  });
});

test("a claim is mounted, a folder or a file of it alone", () => {
  const volumes = [{ name: "model", persistentVolumeClaim: { claimName: "c" } }];
  expect(partOf({ storageUri: "pvc://c" })).toEqual({
    container: { volumeMounts: [{ name: "model", mountPath: "/mnt/models", readOnly: true }] },
    pod: { volumes },
  });
  const mount = { name: "model", mountPath: "/m/b.gguf", subPath: "a/b.gguf", readOnly: true };
  expect(partOf({ storageUri: "pvc://c/a/b.gguf", modelPath: "/m" })).toEqual({
    container: { volumeMounts: [mount] },
    pod: { volumes },
  });
});

test("what the server loads by itself adds its arguments, and nothing else", () => {
  const streams = { s3: ["--load-format=x"] };
  expect(partOf({ storageUri: "s3://bucket/a", streams, args: ["own"] })).toEqual({
    container: { args: ["--load-format=x"] },
  });
});

describe("a download", () => {
  const storageUri = "s3://bucket/iris/model.joblib";

  test("is an init container with the model's variables and resources, but no devices", () => {
    const resources = { limits: { memory: "2Gi", "nvidia.com/gpu": 1 } };
    const settings = { storageUri, resources, env: { AWS_ENDPOINT_URL: "http://s3" } };
    const { container, pod } = partOf(settings, { envFromSecret: "iris-env-1" });
    const [init] = (pod?.initContainers ?? []) as unknown as Record<string, unknown>[];
    expect(init).toEqual({
      name: "storage-initializer",
      image: "docker.io/kserve/storage-initializer:v0.20.0",
      args: [storageUri, expect.stringMatching(/^\/mnt\/store\/model\.joblib-[0-9a-f]{12}$/)],
      env: [{ name: "AWS_ENDPOINT_URL", value: "http://s3" }],
      envFrom: [{ secretRef: { name: "iris-env-1" } }],
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "2Gi" } },
      volumeMounts: [
        { name: "model", mountPath: "/mnt/store" },
        { name: "tmp", mountPath: "/tmp" },
      ],
      terminationMessagePolicy: "File",
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      },
    });
    const subPath = (init?.["args"] as string[])[1]?.replace("/mnt/store/", "");
    expect(container).toEqual({
      volumeMounts: [{ name: "model", mountPath: "/mnt/models", subPath, readOnly: true }],
    });
    expect(pod?.volumes).toEqual([{ name: "model", emptyDir: {} }]);
    expect(pod?.securityContext).toBeUndefined();
  });

  test("has the image of the settings", () => {
    const catalog = { iris: { storageUri } };
    const [model] = fleetOf({ catalog, storage: { initializerImage: "mirror.example/init:1" } }).models;
    expect(model?.initializerImage).toBe("mirror.example/init:1");
    expect(modelOf({ storageUri: "pvc://c" })).not.toHaveProperty("initializerImage");
  });

  test("with a hash or a cache runs a program around the initializer", () => {
    const [init] = (partOf({ storageUri, sha256: HASH }).pod?.initContainers ?? []) as unknown as Record<
      string,
      unknown
    >[];
    expect(init).toMatchObject({ command: ["python3", "-c", expect.stringContaining("hashlib")] });
    expect(init?.["args"]).toEqual([storageUri, expect.any(String), HASH]);
  });

  test("into a cache has the claim, and a group that can write to it", () => {
    const { container, pod } = partOf({ storageUri, cache: "kept" });
    expect(pod?.volumes).toEqual([{ name: "cache", persistentVolumeClaim: { claimName: "kept" } }]);
    expect(pod?.securityContext).toEqual({ fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" });
    expect(container?.volumeMounts).toEqual([
      expect.objectContaining({ name: "cache", mountPath: "/mnt/models", readOnly: true }),
    ]);
  });

  test("has a folder per address, revision and hash, the same for every model", () => {
    const folderOf = (settings: Record<string, unknown>) => {
      const [mount] = (partOf(settings).container?.volumeMounts ?? []) as { subPath: string }[];
      return mount?.subPath;
    };
    const all = [
      { storageUri: "s3://bucket/a/" },
      { storageUri: "s3://bucket/b/" },
      { storageUri: "hf://a/b" },
      { storageUri: "hf://a/b", revision: "v1" },
      { storageUri: "s3://bucket/a.onnx" },
      { storageUri: "s3://bucket/a.onnx", sha256: HASH },
    ].map(folderOf);
    expect(new Set(all).size).toBe(all.length);
    expect(all[0]).toMatch(/^a-[0-9a-f]{12}$/);
    expect(folderOf({ storageUri: "s3://bucket/a/", image: "other/image:1" })).toBe(all[0]);
  });
});
