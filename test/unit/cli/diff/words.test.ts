import { describe, expect, test } from "vitest";
import { imageWords, isGpu, podsOf } from "../../../../cli/diff/pods";
import type { Step, Tree } from "../../../../cli/diff/steps";
import { newPodsWords, wordsOf } from "../../../../cli/diff/words";
import { CONTROLLERS, plainPath } from "../../../../components/routing/controllers";

const MASK = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

const deployment = (container: object = {}, spec: object = {}, template: object = {}): Tree => ({
  spec: {
    replicas: 2,
    template: { ...template, spec: { containers: [{ name: "model", image: "a/b:1", ...container }] } },
    ...spec,
  },
});

const step = (type: string, more: Partial<Step>): Step => ({
  type,
  name: "iris",
  op: "update",
  owner: { type: "modelfleet:serving:ModelService", name: "iris" },
  old: undefined,
  new: undefined,
  changed: {},
  ...more,
});

const update = (old: Tree, next: Tree) =>
  wordsOf(
    step("kubernetes:apps/v1:Deployment", {
      old: { inputs: old, outputs: {} },
      new: { inputs: next, outputs: {} },
    }),
  );

/** The Deployment of a model that an autoscaler scales. */
const scaled = (range: string, container: object = {}): Tree => {
  const metadata = { annotations: { "modelfleet.dev/autoscaled": `horizontalpodautoscaler ${range}` } };
  return { metadata, ...deployment(container, { replicas: undefined }) };
};

test("autoscaling that is turned on and off, and its limits, are told as the number of pods", () => {
  expect(update(deployment(), scaled("2-20"))).toEqual(["replicas 2 -> 2 to 20 pods"]);
  expect(update(scaled("2-20"), scaled("2-30"))).toEqual(["replicas 2 to 20 pods -> 2 to 30 pods"]);
  expect(update(scaled("2-20"), scaled("2-20", { args: ["a"] }))).toContain("restarts its pods");
  expect(newPodsWords(podsOf(scaled("2-20")))).toEqual(["image a/b:1", "2 to 20 pods"]);
});

describe("a changed Deployment", () => {
  test.each([
    ["another number of replicas restarts nothing", {}, { replicas: 5 }, ["replicas 2 -> 5"]],
    [
      "a scale-down restarts what stays",
      { image: "a/b:2" },
      { replicas: 1 },
      ["image 1 -> 2", "replicas 2 -> 1", "restarts 1 pod"],
    ],
    [
      "a paused model has no pod to restart",
      { image: "a/b:2" },
      { replicas: 0 },
      ["image 1 -> 2", "replicas 2 -> 0"],
    ],
    [
      "a probe",
      { readinessProbe: { periodSeconds: 9 } },
      {},
      ["readinessProbe.periodSeconds added (9)", "restarts 2 pods"],
    ],
    ["arguments, whose values are not shown", { args: ["--key=abc"] }, {}, ["args added", "restarts 2 pods"]],
    [
      "the names of variables, never their values",
      { env: [{ name: "A", value: "not-shown" }] },
      {},
      ["env A added", "restarts 2 pods"],
    ],
    [
      "requests and limits; a GPU's limit is its request",
      { resources: { limits: { memory: "1Gi", "nvidia.com/gpu": 1 }, requests: { memory: "512Mi" } } },
      {},
      ["memory added (512Mi)", "nvidia.com/gpu added (1)", "memory limit added (1Gi)", "restarts 2 pods"],
    ],
    [
      "a field outside the pods restarts none",
      {},
      { minReadySeconds: 3 },
      ["Deployment spec.minReadySeconds added (3)"],
    ],
  ])("is in words: %s", (_, container, spec, words) => {
    expect(update(deployment(), deployment(container, spec))).toEqual(words);
  });

  test("an empty map is the same as none, as Kubernetes stores it", () => {
    const withEmpty = deployment({}, {}, { metadata: { annotations: {} } });
    expect(update(deployment(), { ...withEmpty, metadata: { labels: { a: "b" } } })).toEqual([
      "label a added (b)",
    ]);
  });

  test("says that what others set is undone, which may restart pods although the settings stay", () => {
    const metadata = { annotations: { "modelfleet.dev/undone": "[unknown]" } };
    expect(update(deployment(), { ...deployment(), metadata })).toEqual([
      "undoes what others set, which may restart its pods",
    ]);
  });
});

describe("a Secret", () => {
  const version = (more: Partial<Step>) =>
    wordsOf(step("kubernetes:core/v1:Secret", { name: "iris.version", ...more }));
  const metadata = {
    managedFields: [{ fieldsV1: { "f:data": { "f:TOKEN": {}, "f:API_KEY": {}, ".": {} } } }],
  };

  test("is told by the names of its keys", () => {
    const changed = {
      "data.A": "update-replace",
      'data["B.c"]': "add-replace",
      "data.C": "delete-replace",
      "metadata.name": "update-replace",
    };
    expect(version({ op: "replace", changed })).toEqual([
      "secret A changes",
      "secret B.c added",
      "secret C removed",
    ]);
    expect(version({ op: "delete", old: { inputs: {}, outputs: { metadata } } })).toEqual([
      "secret API_KEY, TOKEN removed",
    ]);
    expect(version({ op: "create" })).toEqual(["secret variables added"]);
  });

  test("whose labels change alone has no changed values", () => {
    const labelled = (labels: object): Step["old"] => ({
      inputs: { data: MASK, metadata: { labels } },
      outputs: {},
    });
    expect(version({ old: labelled({}), new: labelled({ team: "x" }) })).toEqual(["label team added (x)"]);
  });

  test("of the registry is told without its key", () => {
    const owner = { type: "kubernetes:core/v1:Secret", name: "modelfleet-registry.version" };
    expect(version({ op: "replace", owner })).toEqual(["credentials change"]);
  });
});

describe("an Ingress", () => {
  const ingress = (host: string | undefined, path: string, annotations: object = {}): Step["old"] => ({
    inputs: {
      metadata: { annotations },
      spec: { rules: [{ ...(host && { host }), http: { paths: [path] } }] },
    },
    outputs: {},
  });
  const words = (old: Step["old"], next: Step["old"]) =>
    wordsOf(
      step("kubernetes:networking.k8s.io/v1:Ingress", {
        old,
        new: next,
        changed: { "spec.rules[0]": "update" },
      }),
    );

  test("is told by its host and annotations; its paths belong to the models", () => {
    expect(words(ingress("a.example", "/x"), ingress("b.example", "/x"))).toEqual([
      "host a.example -> b.example",
    ]);
    expect(words(ingress(undefined, "/x"), ingress(undefined, "/x", { a: "b" }))).toEqual([
      "annotation a added (b)",
    ]);
    expect(words(ingress("a.example", "/x"), ingress("a.example", "/y"))).toEqual([]);
  });
});

test("another pull Secret is told without its name", () => {
  const pull = (name: string) => {
    const inputs = deployment() as { spec: { template: { spec: object } } };
    Object.assign(inputs.spec.template.spec, { imagePullSecrets: [{ name }] });
    return inputs;
  };
  expect(update(pull("a-1"), pull("a-2"))).toEqual(["pulled with other credentials", "restarts 2 pods"]);
});

test("a masked value that differs is told by the provider's path", () => {
  const state = (): Step["old"] => ({ inputs: { kubeconfig: MASK }, outputs: {} });
  const changed = { kubeconfig: "update" };
  expect(wordsOf(step("pulumi:providers:kubernetes", { old: state(), new: state(), changed }))).toEqual([
    "kubeconfig changes",
  ]);
});

test("a lost object is made again, and a replaced one goes first", () => {
  expect(wordsOf(step("kubernetes:core/v1:Service", { op: "create" }))).toEqual(["makes its Service again"]);
  const budget = "kubernetes:policy/v1:PodDisruptionBudget";
  expect(wordsOf(step(budget, { op: "create" }))).toEqual(["makes a PodDisruptionBudget"]);
  expect(wordsOf(step("kubernetes:apps/v1:Deployment", { op: "replace" }))).toEqual([
    "replaces its Deployment, the old one first",
  ]);
  expect(wordsOf(step("kubernetes:core/v1:Service", { op: "same" }))).toEqual([]);
});

test("a new model is told by its image, pods and requests; a missing request is the limit", () => {
  const limits = { "nvidia.com/gpu": "1", memory: "1Gi" };
  const inputs = deployment({ resources: { limits, requests: { cpu: 0.5 } } });
  expect(newPodsWords(podsOf(inputs))).toEqual([
    "image a/b:1",
    "2 pods",
    "cpu 0.5",
    "memory 1Gi",
    "nvidia.com/gpu 1",
  ]);
});

test.each([
  ["a/b:1", "a/b:2", "image 1 -> 2"],
  ["host:5000/b:1", "host:5000/b:2", "image 1 -> 2"],
  ["host:5000/b", "host:5000/b:2", "image host:5000/b -> host:5000/b:2"],
  ["a/b:1", "a/c:1", "image a/b:1 -> a/c:1"],
  ["a/b@sha256:1", "a/b@sha256:2", "image sha256:1 -> sha256:2"],
])("from image %s to %s is `%s`", (old, next, words) => {
  expect(imageWords(old, next)).toBe(words);
});

test("GPUs are told by their resource names", () => {
  expect(["nvidia.com/gpu", "gpu.intel.com/i915", "cpu", "example.com/gpus"].map(isGpu)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each(["nginx", "traefik", "none"] as const)(
  "plainPath has a model's path from what %s gets",
  (controller) => {
    expect(plainPath(String(CONTROLLERS[controller].path("/models/phi-3.5").path))).toBe("/models/phi-3.5");
  },
);
