import { describe, expect, test } from "vitest";
import { custom, entryOf, importOf, inferenceService, problemsOf, sklearn } from "./documents";

const RESOURCES = { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "1", memory: "2Gi" } };
const MLSERVER = {
  runtime: "mlserver",
  storageUri: "s3://models/iris",
  env: { MLSERVER_MODEL_IMPLEMENTATION: "mlserver_sklearn.SKLearnModel" },
};

describe("an InferenceService", () => {
  test("with a model becomes a runtime and an artefact, with the resources that KServe gives it", () => {
    expect(entryOf(inferenceService(sklearn()))).toEqual({ ...MLSERVER, resources: RESOURCES });
  });

  test("may name its framework as a field, as before v1beta1 had models", () => {
    const field = { protocolVersion: "v2", storageUri: "s3://models/iris" };
    expect(entryOf(inferenceService({ sklearn: field }))).toEqual({ ...MLSERVER, resources: RESOURCES });
  });

  test("that speaks v1 says that MLServer does not", () => {
    const { notes } = importOf([inferenceService(sklearn({ protocolVersion: "v1" }))]);
    expect(notes).toEqual([
      "spec.predictor.model.protocolVersion: MLServer speaks v2 only, and clients of v1 must change; to keep KServe's server, import its ClusterServingRuntime too (iris)",
    ]);
  });

  test("with a container of its own keeps it whole, and its disk stays writable", () => {
    const container = {
      command: ["serve"],
      args: ["--workers=2"],
      ports: [{ containerPort: 5000 }, { name: "admin", containerPort: 5001 }],
      env: [
        { name: "MODE", value: "fast" },
        { name: "KEY", valueFrom: { secretKeyRef: { name: "hub", key: "token" } } },
        { name: "STORAGE_URI", value: "oci+native://registry.example/weights:1" },
      ],
      envFrom: [{ configMapRef: { name: "common" } }],
      resources: { limits: { "nvidia.com/gpu": "1" } },
      readinessProbe: { httpGet: { path: "/ready", port: 5000 }, periodSeconds: 3 },
      livenessProbe: { tcpSocket: { port: 5000 }, failureThreshold: 9 },
      startupProbe: { httpGet: { path: "/ready", port: 5000 }, periodSeconds: 10, failureThreshold: 60 },
      securityContext: { runAsNonRoot: true, runAsUser: 1000, capabilities: { drop: ["ALL"] } },
      workingDir: "/app",
    };
    const { catalog, notes } = importOf([inferenceService(custom(container))]);
    expect(catalog["iris"]).toEqual({
      image: "registry.example/own:1",
      command: ["serve"],
      args: ["--workers=2"],
      port: 5000,
      env: { MODE: "fast", KEY: { secretKeyRef: { name: "hub", key: "token" } } },
      storageUri: "oci://registry.example/weights:1",
      envFrom: [{ configMapRef: { name: "common" } }],
      resources: { limits: { "nvidia.com/gpu": "1" } },
      readiness: { path: "/ready", periodSeconds: 3 },
      liveness: { failureThreshold: 9 },
      startupSeconds: 600,
      runAsUser: 1000,
      podSpec: { containers: [{ name: "model", workingDir: "/app" }] },
      readOnlyRootFilesystem: false,
    });
    const at = "spec.predictor.containers[0]";
    expect(notes).toEqual([
      `${at}.ports[1]: has no counterpart; a model has one port; metrics.port may be another (iris)`,
      `${at}.livenessProbe.tcpSocket: has no counterpart; the server must answer HTTP at readiness.path (iris)`,
    ]);
  });

  test("keeps what its pods need of the cluster", () => {
    const pod = {
      nodeSelector: { disk: "ssd" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
      priorityClassName: "high",
      runtimeClassName: "nvidia",
      serviceAccountName: "reader",
      terminationGracePeriodSeconds: 300,
      schedulerName: "volcano",
      imagePullSecrets: [{ name: "pull" }],
      hostIPC: true,
      automountServiceAccountToken: false,
      resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "large" }],
      securityContext: { runAsUser: 1000, fsGroup: 2000 },
    };
    const resources = { claims: [{ name: "gpu", request: "one" }] };
    const { catalog, notes } = importOf([inferenceService({ ...sklearn({ resources }), ...pod })]);
    const { nodeSelector, tolerations, priorityClassName, runtimeClassName, serviceAccountName } = pod;
    expect(catalog["iris"]).toEqual({
      ...MLSERVER,
      resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "large", request: "one" }],
      ...{ nodeSelector, tolerations, priorityClassName, runtimeClassName, serviceAccountName },
      drainSeconds: 300,
      runAsUser: 1000,
      podSpec: {
        securityContext: { fsGroup: 2000 },
        imagePullSecrets: [{ name: "pull" }],
        schedulerName: "volcano",
      },
    });
    expect(notes).toEqual([
      "spec.predictor.hostIPC: has no counterpart; the fleet's pods may not use the node's own namespaces (iris)",
    ]);
  });

  test("keeps its volumes, each as its kind", () => {
    const volumes = [
      { name: "weights", persistentVolumeClaim: { claimName: "llama" } },
      { name: "config", configMap: { name: "server" } },
      { name: "devshm", emptyDir: { medium: "Memory", sizeLimit: "2Gi" } },
      { name: "tmp", emptyDir: {} },
      { name: "some", configMap: { name: "server", items: [{ key: "a", path: "b" }] } },
      { name: "node", hostPath: { path: "/data" } },
    ];
    const paths = {
      weights: "/weights",
      config: "/etc/server",
      devshm: "/dev/shm",
      tmp: "/scratch",
      some: "/some",
    };
    const volumeMounts = Object.entries(paths).map(([name, mountPath]) => ({ name, mountPath }));
    const { catalog, notes } = importOf([inferenceService(custom({ volumeMounts }, { volumes }))]);
    expect(catalog["iris"]).toMatchObject({
      volumes: {
        weights: { mountPath: "/weights", pvc: "llama" },
        config: { mountPath: "/etc/server", configMap: "server" },
        "tmp-volume": { mountPath: "/scratch", emptyDir: {} },
      },
      shm: "2Gi",
      podSpec: {
        volumes: [volumes[4]],
        containers: [{ name: "model", volumeMounts: [{ name: "some", mountPath: "/some" }] }],
      },
    });
    expect(notes).toEqual([
      "spec.predictor.volumes[5]: has no counterpart; the fleet's pods may not use a node's disk; use a pvc (iris)",
    ]);
  });

  test("that runs as root gets what root needs, which is said", () => {
    const { catalog, notes } = importOf([inferenceService(custom({ securityContext: { runAsUser: 0 } }))]);
    expect(catalog["iris"]).toMatchObject({ runAsUser: 0, podSecurity: "baseline" });
    expect(notes).toEqual([
      "spec.predictor.containers[0].securityContext.runAsUser: is root, so the model has podSecurity baseline, and its namespace must admit such pods; better give it another runAsUser (iris)",
    ]);
  });

  test("leaves its other containers beside the model", () => {
    const sidecar = { name: "proxy", image: "registry.example/proxy:1" };
    const predictor = custom({}, {});
    const first = { name: "first", image: "registry.example/first:1" };
    const agent = { name: "agent", image: "registry.example/agent:1" };
    const initContainers = [first, { ...agent, restartPolicy: "Always" }];
    const document = inferenceService({ initContainers, containers: [sidecar, ...predictor.containers] });
    expect(entryOf(document)).toMatchObject({
      ...{ image: "registry.example/own:1", initContainers: [first], sidecars: [agent, sidecar] },
    });
  });

  test("with a transformer, an explainer, a batcher or a field that nobody knows says so of each", () => {
    const document = inferenceService({ ...sklearn(), batcher: { maxBatchSize: 4 }, maxReplica: 3 });
    const whole = { ...document, spec: { ...document.spec, transformer: { containers: [] }, explainer: {} } };
    const own =
      "has no counterpart; it becomes a model of its own, which asks this one at http://<id>.<namespace>";
    expect(importOf([whole]).notes).toEqual([
      `spec.transformer: ${own} (iris)`,
      `spec.explainer: ${own} (iris)`,
      "spec.predictor.batcher: has no counterpart; batch in the server, as Triton, MLServer and vLLM do (iris)",
      "spec.predictor.maxReplica: has no counterpart; the import does not know this field (iris)",
    ]);
  });

  test("has labels and annotations of its own, those of tools are left out, and KServe's have a meaning", () => {
    const metadata = {
      namespace: "ml",
      resourceVersion: "7",
      labels: { team: "garden", "app.kubernetes.io/instance": "argo" },
      annotations: {
        owner: "ada",
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "serving.kserve.io/enable-prometheus-scraping": "true",
        "serving.kserve.io/deploymentMode": "Serverless",
      },
    };
    const { catalog, notes } = importOf([inferenceService(sklearn(), "iris", metadata)]);
    expect(catalog["iris"]).toMatchObject({
      labels: { team: "garden" },
      annotations: { owner: "ada" },
      metrics: { path: "/metrics" },
    });
    expect(notes).toEqual([
      'metadata.namespace: "ml" is not carried over; a fleet has one namespace, and the Secrets, claims and accounts that its models name must be there (iris)',
      'metadata.labels["app.kubernetes.io/instance"]: has no counterpart; modelfleet sets this key itself, or it belongs to another tool (iris)',
      'metadata.annotations["serving.kserve.io/deploymentMode"]: has no counterpart; every model has a Deployment (iris)',
    ]);
  });

  test("without a model and a container is a problem", () => {
    expect(problemsOf([inferenceService({ minReplicas: 1 })])).toEqual([
      "models.yaml, document 1: spec.predictor: has no model and no container; give it model or containers",
    ]);
  });
});
