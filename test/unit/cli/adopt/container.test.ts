import { describe, expect, test } from "vitest";
import { adoptionOf } from "../../../../cli/adopt/entry";
import { FLEET, oldIris, type OldOptions } from "./old";

const adopted = (old: OldOptions = {}) =>
  adoptionOf(oldIris(old), FLEET, { secrets: new Map(), configMaps: new Map() });

describe("the entry has of a container", () => {
  test.each<[what: string, old: OldOptions, entry: object]>([
    ["its command", { container: { command: ["serve"] } }, { command: ["serve"] }],
    ["its pull policy", { container: { imagePullPolicy: "Always" } }, { imagePullPolicy: "Always" }],
    ["no pull policy that Kubernetes has anyway", { container: { imagePullPolicy: "IfNotPresent" } }, {}],
    [
      "its liveness probe",
      { container: { livenessProbe: { httpGet: { path: "/live" }, periodSeconds: 20 } } },
      { liveness: { path: "/live", periodSeconds: 20, timeoutSeconds: 1, failureThreshold: 3 } },
    ],
    [
      "its volumes, each mount by itself",
      {
        pod: {
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: "weights" } },
            { name: "config", configMap: { name: "config", defaultMode: 420 } },
            { name: "keys", secret: { secretName: "tls", defaultMode: 420 } },
            { name: "tmp", emptyDir: {} },
          ],
        },
        container: {
          volumeMounts: [
            { name: "data", mountPath: "/models/", subPath: "iris", readOnly: true },
            { name: "data", mountPath: "/shared" },
            { name: "config", mountPath: "/etc/server" },
            { name: "keys", mountPath: "/keys" },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      },
      {
        volumes: {
          data: { mountPath: "/models", subPath: "iris", readOnly: true, pvc: "weights" },
          "data-2": { mountPath: "/shared", pvc: "weights" },
          config: { mountPath: "/etc/server", configMap: "config" },
          keys: { mountPath: "/keys", secret: "tls" },
          "tmp-2": { mountPath: "/tmp", emptyDir: {} },
        },
      },
    ],
  ])("%s", (_what, old, entry) => {
    const { notes, problems, ...found } = adopted(old);
    expect({ notes, problems }).toEqual({ notes: [], problems: [] });
    expect(found.entry).toEqual({ ...adopted().entry, ...entry });
  });

  test("a variable that is a field of the pod", () => {
    const env = [
      { name: "IP", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } },
      { name: "MEMORY", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "0" } } },
    ];
    const { entry, problems } = adopted({ container: { env } });
    expect(problems).toEqual([]);
    expect(entry["env"]).toEqual({
      IP: { fieldRef: { fieldPath: "status.podIP" } },
      MEMORY: { resourceFieldRef: { resource: "limits.memory" } },
    });
  });

  test("a disk that is read-only, of which modelfleet makes the same /tmp", () => {
    const { entry, notes, problems } = adopted({
      pod: { volumes: [{ name: "tmp", emptyDir: {} }] },
      container: {
        securityContext: { readOnlyRootFilesystem: true },
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    });
    expect({ notes, problems }).toEqual({ notes: ["its server gets HOME in addition"], problems: [] });
    expect(entry).not.toHaveProperty("readOnlyRootFilesystem");
    expect(entry).not.toHaveProperty("volumes");
  });

  test("root as a relaxation", () => {
    const { entry, notes } = adopted({ pod: { securityContext: { runAsUser: 0 } } });
    expect(entry).toMatchObject({ runAsUser: 0, podSecurity: "baseline" });
    expect(notes).toEqual([
      "it runs as root, so it gets podSecurity: baseline, and the fleet's namespace must admit such pods; better give it another runAsUser",
    ]);
  });
});
