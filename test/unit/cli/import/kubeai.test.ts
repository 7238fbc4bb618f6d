import { describe, expect, test } from "vitest";
import { entryOf, importOf, kubeaiModel, problemsOf, READY } from "./documents";

const VALUES = {
  resourceProfiles: {
    l4: {
      imageName: "nvidia-gpu",
      requests: { cpu: "6", "nvidia.com/gpu": "1" },
      limits: { "nvidia.com/gpu": "1" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
      schedulerName: "volcano",
    },
    unused: {},
  },
  modelServers: {
    VLLM: { images: { default: "registry.example/vllm:1", "nvidia-gpu": "registry.example/vllm:2" } },
  },
};

describe("a Model of KubeAI", () => {
  test("becomes a runtime, an artefact and a range of pods by open requests", () => {
    const spec = {
      args: ["--max-model-len=8192"],
      env: { MODE: "fast" },
      envFrom: [{ secretRef: { name: "hub" } }],
      minReplicas: 1,
      maxReplicas: 3,
      targetRequests: 20,
      scaleDownDelaySeconds: 60,
      priorityClassName: "high",
    };
    const { catalog, notes } = importOf([kubeaiModel(spec)], { settings: READY });
    expect(catalog).toEqual({
      llama: {
        runtime: "vllm",
        storageUri: "pvc://weights/llama",
        args: ["--max-model-len=8192"],
        env: { MODE: "fast" },
        envFrom: [{ secretRef: { name: "hub" } }],
        ...{
          minReplicas: 1,
          maxReplicas: 3,
          scaleMetric: "concurrency",
          scaleTarget: 20,
          scaleDownDelaySeconds: 60,
        },
        priorityClassName: "high",
      },
    });
    expect(notes).toEqual(["spec.features: has no counterpart; a server answers what it can (llama)"]);
  });

  test("without a limit, and from zero, has one pod, and both are said", () => {
    const { catalog, notes } = importOf([kubeaiModel({ minReplicas: 0 })], { settings: READY });
    expect(catalog["llama"]).toEqual({ runtime: "vllm", storageUri: "pvc://weights/llama" });
    expect(notes).toEqual([
      "spec.features: has no counterpart; a server answers what it can (llama)",
      "spec.minReplicas: is 0, and by concurrency no pod would ever start again, so minReplicas is 1; for zero, set scaleMetric to a metric in scaling.metrics that is there without pods (llama)",
      "spec.maxReplicas: is not set, and a model has a limit, so there are at most 1; raise maxReplicas (llama)",
    ]);
  });

  test("that nothing scales has its number of pods", () => {
    expect(entryOf(kubeaiModel({ autoscalingDisabled: true, replicas: 2 }))).toMatchObject({ replicas: 2 });
  });

  test("gets its profile and image from the Helm values", () => {
    const { catalog, fleet, notes } = importOf([kubeaiModel({ resourceProfile: "l4:2" }), VALUES]);
    expect(catalog["llama"]).toMatchObject({ resourceProfile: "l4:2", image: "registry.example/vllm:2" });
    const { tolerations, requests, limits } = VALUES.resourceProfiles.l4;
    expect(fleet).toEqual({ resourceProfiles: { l4: { requests, limits, tolerations } } });
    expect(notes).toContain(
      "resourceProfiles.l4.schedulerName: has no counterpart; set it per model with podSpec (llama)",
    );
  });

  test("with a profile that no document has is a problem with the way to get it", () => {
    const at = "models.yaml, document 1: spec.resourceProfile";
    expect(problemsOf([kubeaiModel({ resourceProfile: "h100:1" })])).toEqual([
      `${at}: "h100:1" names a profile that is in no document; import KubeAI's Helm values too: \`helm get values kubeai --all -o yaml > values.yaml\``,
    ]);
    expect(problemsOf([kubeaiModel({ resourceProfile: "l5:1" }), VALUES])).toEqual([
      `${at}: "l5:1" names a profile that is in no document; did you mean "l4"?`,
    ]);
  });

  test("has fields without a counterpart, and each is named", () => {
    const spec = {
      url: "hf://acme/llama?revision=main",
      cacheProfile: "efs",
      adapters: [{ name: "a", url: "hf://a" }],
      files: [{ path: "/a", content: "top secret" }],
      loadBalancing: { strategy: "PrefixHash", prefixHash: { replication: 256 } },
      env: { HF_TOKEN: "hf_abcdefghijklmnopqrstuvwx" },
    };
    const { catalog, notes } = importOf([kubeaiModel(spec)]);
    expect(catalog["llama"]).toEqual({ runtime: "vllm", storageUri: "hf://acme/llama" });
    expect(notes.map((line) => line.split(": ")[0])).toEqual([
      ...[
        "spec.url",
        "spec.url",
        "spec.env.HF_TOKEN",
        "spec.cacheProfile",
        "spec.files",
        "spec.features",
        "spec.adapters",
      ],
      ...["spec.loadBalancing.strategy", "spec.minReplicas"],
    ]);
    expect(notes).toContain(
      "spec.env.HF_TOKEN: holds a secret in plain text, which is left out; `pulumi config set --secret --path 'secrets.llama.HF_TOKEN'` (llama)",
    );
    expect(notes.join()).not.toMatch(/abcdefghijkl|top secret/);
  });

  test("of another engine needs a runtime of its name", () => {
    const document = kubeaiModel({ engine: "Infinity" });
    expect(problemsOf([document])[0]).toBe(
      'models.yaml, document 1: spec.engine: "Infinity" is an engine without a built-in runtime; write a runtime "infinity" under runtimes in the file of --settings',
    );
    const settings = { runtimes: { infinity: { image: "registry.example/infinity:1" } } };
    expect(entryOf(document, { settings })).toMatchObject({ runtime: "infinity" });
  });

  test("of Ollama's library needs a folder that is there", () => {
    expect(problemsOf([kubeaiModel({ engine: "OLlama", url: "ollama://gemma2:2b" })])).toContain(
      'models.yaml, document 1: spec.url: "ollama://gemma2:2b" is pulled by Ollama while it starts, and the runtime ollama loads a folder that is there; pull it to a PersistentVolumeClaim, and write pvc://<claim>',
    );
    const onClaim = kubeaiModel({ engine: "OLlama", url: "pvc://ollama" });
    expect(entryOf(onClaim)).toEqual({ runtime: "ollama", storageUri: "pvc://ollama" });
  });

  test("with a dot in its name is a problem with the nearest ID, which --fix-ids takes", () => {
    const document = kubeaiModel({}, "llama-3.1");
    expect(problemsOf([document])).toEqual([
      'models.yaml, document 1: metadata.name: "llama-3.1" is not a valid model ID (lower-case letters, digits and "-"; starts with a letter, does not end with "-"); did you mean "llama-3-1"? With --fix-ids it becomes that',
    ]);
    const { ids, notes } = importOf([document], { fixIds: true });
    expect(ids).toEqual(["llama-3-1"]);
    expect(notes[0]).toBe(
      'metadata.name: "llama-3.1" is no model ID, so the model is llama-3-1; clients that name it must change (llama-3.1)',
    );
  });
});
