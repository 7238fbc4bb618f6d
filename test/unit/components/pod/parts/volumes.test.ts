import { describe, expect, test } from "vitest";
import { volumes } from "../../../../../components/pod/parts/volumes";
import { modelOf, problems, withImage } from "../../../../support/settings";

const ARGS = { name: "iris", stack: "dev" };
const partOf = (settings: Record<string, unknown>) => volumes(modelOf(settings), ARGS);
const inModel = (settings: Record<string, unknown>) => problems(withImage({ catalog: { iris: settings } }));

test("a model can write to /tmp alone, or to its whole disk and then has no volume", () => {
  expect(partOf({})).toEqual({
    container: { volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] },
    pod: { volumes: [{ name: "tmp", emptyDir: {} }] },
  });
  expect(partOf({ readOnlyRootFilesystem: false })).toEqual({});
});

test("a volume of the settings at /tmp takes the place of modelfleet's own", () => {
  const scratch = { mountPath: "/tmp", emptyDir: { sizeLimit: "1Gi" } };
  expect(partOf({ volumes: { scratch } }).pod?.volumes).toEqual([
    { name: "scratch", emptyDir: { sizeLimit: "1Gi" } },
  ]);
});

test("volumes are sorted by name, each with its source and its mount", () => {
  const own = {
    scratch: { mountPath: "/scratch", emptyDir: { sizeLimit: "1Gi" } },
    data: { mountPath: "/data", pvc: "data", subPath: "iris", readOnly: true },
    config: { mountPath: "/etc/server", configMap: "config" },
    keys: { mountPath: "/keys", secret: "keys" },
    weights: { mountPath: "/weights", image: "registry.example/weights:1" },
    fast: { mountPath: "/fast", emptyDir: { medium: "Memory" } },
  };
  expect(partOf({ volumes: own })).toEqual({
    container: {
      volumeMounts: [
        { name: "config", mountPath: "/etc/server" },
        { name: "data", mountPath: "/data", subPath: "iris", readOnly: true },
        { name: "fast", mountPath: "/fast" },
        { name: "keys", mountPath: "/keys" },
        { name: "scratch", mountPath: "/scratch" },
        { name: "tmp", mountPath: "/tmp" },
        { name: "weights", mountPath: "/weights" },
      ],
    },
    pod: {
      volumes: [
        { name: "config", configMap: { name: "config" } },
        { name: "data", persistentVolumeClaim: { claimName: "data" } },
        { name: "fast", emptyDir: { medium: "Memory" } },
        { name: "keys", secret: { secretName: "keys" } },
        { name: "scratch", emptyDir: { sizeLimit: "1Gi" } },
        { name: "tmp", emptyDir: {} },
        { name: "weights", image: { reference: "registry.example/weights:1" } },
      ],
    },
  });
});

test("shm is a volume of memory", () => {
  expect(partOf({ shm: "512Mi", readOnlyRootFilesystem: false })).toEqual({
    container: { volumeMounts: [{ name: "shm", mountPath: "/dev/shm" }] },
    pod: { volumes: [{ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "512Mi" } }] },
  });
});

describe("is a problem:", () => {
  const volume = (settings: Record<string, unknown>, name = "data") => ({ volumes: { [name]: settings } });
  test.each<[what: string, settings: Record<string, unknown>, line: string]>([
    [
      "no source",
      volume({ mountPath: "/data" }),
      'catalog.iris.volumes.data: {"mountPath":"/data"} has not one source; give one of pvc, configMap, secret, emptyDir, image (null removes that of defaults)',
    ],
    [
      "two sources",
      volume({ mountPath: "/data", pvc: "a", secret: "b" }),
      'catalog.iris.volumes.data: {"mountPath":"/data","pvc":"a","secret":"b"} has not one source; give one of pvc, configMap, secret, emptyDir, image (null removes that of defaults)',
    ],
    [
      "a source that does not exist",
      volume({ mountPath: "/data", configmap: "a" }),
      'catalog.iris.volumes.data.configmap: unknown key; did you mean "configMap"?',
    ],
    [
      "a way upwards",
      volume({ mountPath: "/data/../etc", pvc: "a" }),
      'catalog.iris.volumes.data.mountPath: "/data/../etc" is not an absolute path such as "/data" (no ":", no "..", no trailing slash)',
    ],
    [
      "a way out of the volume",
      volume({ mountPath: "/data", subPath: "../b", pvc: "a" }),
      'catalog.iris.volumes.data.subPath: "../b" is not a relative path such as "models/iris" (no "..")',
    ],
    [
      "a source that is always read-only",
      volume({ mountPath: "/data", secret: "a", readOnly: false }),
      'catalog.iris.volumes.data: {"mountPath":"/data","secret":"a","readOnly":false} cannot be written to: a configMap, a secret and an image are always read-only; remove readOnly',
    ],
    [
      "a name of modelfleet's own",
      volume({ mountPath: "/data", pvc: "a" }, "cache"),
      'catalog.iris.volumes.cache: the name "cache" is used by modelfleet itself; choose another name',
    ],
    [
      "two volumes at one place",
      { volumes: { a: { mountPath: "/data", pvc: "a" }, b: { mountPath: "/data", pvc: "b" } } },
      'catalog.iris.volumes.b.mountPath: "/data" is also where volumes.a is; give it another path, or remove one of the two',
    ],
    [
      "shared memory where a volume is",
      { shm: "1Mi", volumes: { a: { mountPath: "/dev/shm", emptyDir: {} } } },
      'catalog.iris.shm: "/dev/shm" is also where volumes.a is; give it another path, or remove one of the two',
    ],
    [
      "more shared memory than memory",
      { shm: "2Gi" },
      'catalog.iris.shm: "2Gi" is more than resources.limits.memory of 1Gi, which includes it; raise that limit',
    ],
  ])("%s", (_what, settings, line) => {
    expect(inModel(settings)).toEqual([line]);
  });
});

test("a model changes one thing of a volume of defaults, and null removes the volume", () => {
  const defaults = { image: "a/b:1", volumes: { data: { mountPath: "/data", pvc: "shared" } } };
  const of = (data: unknown) =>
    problems({ models: "iris", defaults, catalog: { iris: { volumes: { data } } } });
  expect(of({ subPath: "iris" })).toEqual([]);
  expect(of({ pvc: null, emptyDir: {} })).toEqual([]);
  expect(of(null)).toEqual([]);
});
