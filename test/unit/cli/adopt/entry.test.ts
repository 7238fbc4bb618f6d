import { describe, expect, test } from "vitest";
import { adoptionOf } from "../../../../cli/adopt/entry";
import type { Sources } from "../../../../cli/adopt/environment";
import type { FleetView } from "../../../../cli/adopt/fleet";
import { model } from "../../../../config/model-schema";
import { FLEET, ingressOf, oldIris, type OldOptions, SERVICE } from "./old";

const SOURCES: Sources = {
  secrets: new Map([["keys", { API_KEY: "key-4711", LINE: "key-4712\n", BINARY: undefined }]]),
  configMaps: new Map([["plain", { MODE: "fast", PRICE: "$(NO_NAME)" }]]),
};

const adopted = (old: OldOptions = {}, fleet: Partial<FleetView> = {}) =>
  adoptionOf(oldIris(old), { ...FLEET, ...fleet }, SOURCES);

/** What every old model of these tests gets. */
const COMMON = {
  image: "registry.example/iris:1",
  env: { MODEL_NAME: "iris", PORT: "8080" },
  resources: { requests: {}, limits: {} },
  readiness: { path: "/ready", periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
  startupSeconds: 600,
  readOnlyRootFilesystem: false,
};

test("a model of the script is what its Deployment says, without a note", () => {
  expect(adopted()).toEqual({ id: "iris", entry: COMMON, secrets: {}, notes: [], problems: [] });
});

describe("the entry has", () => {
  test.each<[what: string, old: OldOptions, entry: object]>([
    ["replicas", { spec: { replicas: 3 } }, { replicas: 3 }],
    ["no pod of a paused model", { spec: { replicas: 0 } }, { replicas: 0 }],
    ["args", { container: { args: ["--fast"] } }, { args: ["--fast"] }],
    ["the user of the pod", { pod: { securityContext: { runAsUser: 1000 } } }, { runAsUser: 1000 }],
    [
      "the port that its Service leads to by name",
      {
        services: [{ ...SERVICE, spec: { ...SERVICE.spec, ports: [{ port: 80, targetPort: "web" }] } }],
        container: {
          ports: [{ name: "web", containerPort: 9000 }],
          readinessProbe: { httpGet: { path: "/ready", port: "web" } },
        },
      },
      { port: 9000 },
    ],
    [
      "the budget of its startup probe",
      { container: { startupProbe: { periodSeconds: 10, failureThreshold: 90 } } },
      { startupSeconds: 900 },
    ],
    ["three times the time that its pods took", { startedIn: 60 }, { startupSeconds: 180 }],
    ["the deadline of its Deployment at most", { startedIn: 5000 }, { startupSeconds: 600 }],
    ["the path of its Ingress", { ingresses: [ingressOf(["/iris"])] }, { path: "/iris" }],
    [
      "all its paths, and which of them its ID says",
      { ingresses: [ingressOf(["/v1/iris", "/models/iris", "/iris"])] },
      { aliases: ["/iris", "/v1/iris"] },
    ],
    ["its time to end", { pod: { terminationGracePeriodSeconds: 120 } }, { drainSeconds: 120 }],
    [
      "labels and annotations of its pods, but those that select and those of tools",
      {
        template: {
          labels: { app: "iris", team: "garden" },
          annotations: { "example.com/scrape": "true", "kubectl.kubernetes.io/restartedAt": "today" },
        },
      },
      { labels: { team: "garden" }, annotations: { "example.com/scrape": "true" } },
    ],
    [
      "a value of a ConfigMap, as Kubernetes leaves it",
      {
        container: {
          env: [
            { name: "MODEL_NAME", value: "iris" },
            { name: "PORT", value: "8080" },
          ],
          envFrom: [{ configMapRef: { name: "plain" } }],
        },
      },
      { env: { MODE: "fast", PRICE: "$$(NO_NAME)", MODEL_NAME: "iris", PORT: "8080" } },
    ],
  ])("%s", (_what, old, entry) => {
    const { notes, problems, ...found } = adopted(old);
    expect({ notes, problems }).toEqual({ notes: [], problems: [] });
    expect(found.entry).toEqual({ ...COMMON, ...entry });
  });

  test("no time for the start that the default allows", () => {
    expect(adopted({ startedIn: 3 }).entry).not.toHaveProperty("startupSeconds");
  });

  test("nothing that the defaults say, and null for what they say and the model has not", () => {
    const defaults = {
      image: "registry.example/iris:1",
      replicas: 2,
      env: { MODEL_NAME: "iris", MODE: "slow" },
      resources: { requests: { cpu: "20m" }, limits: { memory: "256Mi" } },
      readiness: { path: "/ready", periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
      runAsUser: 7,
    };
    const { entry, problems } = adopted(
      { container: { resources: { requests: { cpu: "20m" } } } },
      { defaults },
    );
    expect(problems).toEqual([]);
    expect(entry).toEqual({
      replicas: 1,
      env: { PORT: "8080", MODE: null },
      resources: { limits: { memory: null } },
      startupSeconds: 600,
      runAsUser: null,
      readOnlyRootFilesystem: false,
    });
  });
});

test("null for each setting of the defaults that would make another pod", () => {
  const defaults = {
    ...{ protocol: "grpc", metrics: {}, runtime: "vllm", storageUri: "hf://a/b", modelPath: "/files" },
    ...{ revision: "main", sha256: "0".repeat(64), cache: "weights", streams: { hf: [] }, spareGpus: true },
  };
  const { entry, problems } = adopted({}, { defaults });
  expect(problems).toEqual([]);
  expect(entry).toEqual({
    ...COMMON,
    ...Object.fromEntries(Object.keys(defaults).map((key) => [key, null])),
  });
});

test("the defaults change no pod by any setting but those of the fleet", () => {
  const shared = ["plain", "protect", "disruptionBudget", "network", "host", "route"];
  const map = { other: "value" };
  const defaults: Record<string, unknown> = {
    ...Object.fromEntries(Object.keys(model.shape).map((key) => [key, "other"])),
    ...{ labels: map, annotations: map, volumes: { other: {} }, service: { labels: map } },
  };
  const { entry } = adopted({}, { defaults });
  expect(
    Object.keys(defaults)
      .filter((key) => !(key in entry))
      .sort(),
  ).toEqual(shared.sort());
});

describe("a secret", () => {
  const of = (env: object[], more: object = {}) =>
    adopted({ container: { env: env as never, ...more } }, { sharedSecrets: ["SHARED"] });
  test.each([
    [
      "is a value of a Secret",
      [{ name: "A", valueFrom: { secretKeyRef: { name: "keys", key: "API_KEY" } } }],
      { A: "key-4711" },
    ],
    ["is a value that looks like one", [{ name: "API_KEY", value: "key-4713" }], { API_KEY: "key-4713" }],
    [
      "is a value whose name is a secret of every model",
      [{ name: "SHARED", value: "value-4714" }],
      { SHARED: "value-4714" },
    ],
  ])("%s, and is not in the entry", (_what, env, secrets) => {
    const found = of(env);
    expect(found.secrets).toEqual(secrets);
    expect(found.problems).toEqual([]);
    expect(JSON.stringify(found.entry)).not.toContain(Object.values(secrets)[0]);
  });

  test("loses the line break at its end, which the settings refuse, with a note", () => {
    const env = [{ name: "A", valueFrom: { secretKeyRef: { name: "keys", key: "LINE" } } }];
    const { secrets, notes } = of(env);
    expect(secrets).toEqual({ A: "key-4712" });
    expect(notes).toContain("A: the line break at its end is left out");
  });

  test("in all keys of a Secret is a problem if it is no text", () => {
    const { secrets, problems } = of([], { envFrom: [{ prefix: "P_", secretRef: { name: "keys" } }] });
    expect(Object.keys(secrets)).toEqual(["P_API_KEY", "P_LINE"]);
    expect(problems).toEqual([
      "its variable P_BINARY from Secret keys is not text, which the settings cannot hold",
    ]);
  });
});
