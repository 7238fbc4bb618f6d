import { expect, test } from "vitest";
import { questionsOf } from "../../../../config/questions";
import { mutableArtefacts, oldForImages } from "../../../../ownership/checks/artefacts";
import { fleetOf } from "../../../support/settings";

const model = (id: string, settings: object) => ({ id, path: `/models/${id}`, ...settings });
const OCI = { storageUri: `oci://a/b@sha256:${"a".repeat(64)}` };
const VOLUME = { volumes: { data: { image: "a/b:1" } } };

const old = (minor: number | undefined, models = [model("iris", OCI), model("wine", VOLUME)]) =>
  oldForImages({ models }, { version: minor === undefined ? undefined : { major: 1, minor } });

test("image volumes are refused on a cluster that is too old for them", () => {
  expect(old(32)).toEqual([
    {
      level: "error",
      text: "catalog.iris.storageUri (and 1 more): is an image volume, and this cluster (Kubernetes 1.32) is too old for it; use another scheme, such as s3:// or pvc://, or upgrade the cluster to 1.35",
    },
  ]);
});

test("they are a warning where they need a feature gate", () => {
  expect(old(33)).toEqual([
    {
      level: "warning",
      text: "catalog.iris.storageUri (and 1 more): is an image volume, which this cluster (Kubernetes 1.33) has only with the feature gate ImageVolume, in the API server and the nodes",
    },
  ]);
});

test("nothing is found on a newer cluster, on one that does not say its version, or without them", () => {
  expect(old(35)).toEqual([]);
  expect(old(undefined)).toEqual([]);
  expect(old(30, [model("iris", { storageUri: "s3://b/a" })])).toEqual([]);
});

test("nodes that cannot mount images are an error if no other node is there, else a warning", () => {
  const nodes = (...runtimes: string[]) =>
    runtimes.map((containerRuntimeVersion) => ({ status: { nodeInfo: { containerRuntimeVersion } } }));
  const [old1, old2, can] = ["containerd://1.6.20", "cri-o://1.30.2", "containerd://2.1.0"];
  const found = (...runtimes: string[]) =>
    oldForImages({ models: [model("iris", OCI)] }, { version: undefined, nodes: nodes(...runtimes) });
  const at =
    "catalog.iris.storageUri: is an image volume, which needs nodes with containerd 2.1 or CRI-O 1.31";
  expect(found(old1, old2)).toEqual([
    {
      level: "error",
      text: `${at}, and every node has containerd 1.6.20, cri-o 1.30.2; use another scheme, such as s3:// or pvc://`,
    },
  ]);
  expect(found(old1, can)).toEqual([
    {
      level: "warning",
      text: `${at}, and 1 of 2 has containerd 1.6.20: keep its pods off these with nodeSelector`,
    },
  ]);
  expect(found(can, "cri-o://1.31.0", "docker://29.0.0")).toEqual([]);
});

test("version and nodes are asked for only if some variant mounts an image", () => {
  const asks = (iris: object) => {
    const { asksVersion, asksNodes } = questionsOf(fleetOf({ catalog: { iris } }));
    expect(asksVersion).toBe(asksNodes);
    return asksNodes;
  };
  expect(asks({ storageUri: "s3://bucket/a" })).toBe(false);
  expect(asks({ volumes: { data: { mountPath: "/a", image: "a/b:1" } } })).toBe(true);
  expect(asks({ champion: "a", variants: { a: {}, b: OCI } })).toBe(true);
});

test("artefacts that may change are one warning per reason, with the path of the first", () => {
  const hub = { storageUri: "hf://a/b" };
  const challengers = [{ variant: "b", storageUri: "oci://a/b:1" }];
  const models = [model("iris", hub), model("wine", { ...hub, variant: "a", challengers }), model("x", OCI)];
  expect(mutableArtefacts({ models })).toEqual([
    {
      level: "warning",
      text: "catalog.iris.storageUri (and 1 more): names no commit; set revision to a commit's 40 digits",
    },
    {
      level: "warning",
      text: "catalog.wine.variants.b.storageUri: names a tag, which may move; add the digest: @sha256:<digest>",
    },
  ]);
});
