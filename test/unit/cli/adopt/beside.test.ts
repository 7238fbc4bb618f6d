import { describe, expect, test } from "vitest";
import type { PodSpec } from "../../../../cli/adopt/objects";
import { deploymentSpec } from "../../../../components/pod/deployment";
import { modelOf } from "../../../support/settings";
import { adopted, entryOf, type OldOptions, overServer, served, SERVICE } from "./old";

/** The pod that the fleet makes of an entry. */
const podOf = (entry: Record<string, unknown>) =>
  (
    deploymentSpec(modelOf(entry), { name: "iris", stack: "dev" }) as unknown as {
      template: { spec: PodSpec };
    }
  ).template.spec;

const SERVER = { name: "server", image: "registry.example/iris:1", ports: [{ containerPort: 8080 }] };

const LOGS = { terminationMessagePolicy: "FallbackToLogsOnError" };

describe("containers beside the server", () => {
  test("are initContainers and sidecars, without what the API server writes", () => {
    const old: OldOptions = {
      pod: {
        initContainers: [
          served("proxy", { restartPolicy: "Always", ports: [{ containerPort: 9000, protocol: "TCP" }] }),
          served("fetch", {
            env: [{ name: "IP", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } }],
          }),
        ],
        containers: [served("log"), SERVER],
      },
    };
    const image = "registry.example/tools:1";
    expect(entryOf(old)).toEqual({
      initContainers: [
        {
          name: "fetch",
          image,
          env: [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
        },
      ],
      sidecars: [
        { name: "proxy", image, ports: [{ containerPort: 9000 }] },
        { name: "log", image },
      ],
    });
    expect(adopted(old).notes).toContain(
      "its container log becomes a sidecar: it starts before its server, server, and before its init containers, and ends after the server",
    );
  });

  test("share volumes with the server under the names that these get", () => {
    const mounts = { volumeMounts: [{ name: "model", mountPath: "/files" }] };
    expect(
      entryOf({
        pod: {
          volumes: [
            { name: "model", emptyDir: {} },
            { name: "keys", secret: { secretName: "keys", defaultMode: 420 } },
          ],
          initContainers: [
            served("fetch", { volumeMounts: [...mounts.volumeMounts, { name: "keys", mountPath: "/keys" }] }),
          ],
        },
        container: mounts,
      }),
    ).toMatchObject({
      volumes: { "model-2": { mountPath: "/files", emptyDir: {} } },
      initContainers: [
        {
          volumeMounts: [
            { name: "model-2", mountPath: "/files" },
            { name: "keys", mountPath: "/keys" },
          ],
        },
      ],
      podSpec: { volumes: [{ name: "keys", secret: { secretName: "keys" } }] },
    });
  });

  test("stay in their place, by podSpec, if they may need what an init container has written", () => {
    const mounts = { volumeMounts: [{ name: "config", mountPath: "/config" }] };
    const SAFE = { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } };
    const entry = entryOf({
      pod: {
        volumes: [{ name: "config", emptyDir: {} }],
        initContainers: [
          served("write", mounts),
          served("proxy", { ...mounts, restartPolicy: "Always" }),
          served("last"),
        ],
        containers: [SERVER, served("reload", mounts)],
      },
    });
    const image = "registry.example/tools:1";
    expect(entry).toMatchObject({ initContainers: [{ name: "write", image, ...mounts }] });
    expect(entry).not.toHaveProperty("sidecars");
    expect(entry["podSpec"]).toEqual({
      volumes: [{ name: "config", emptyDir: {} }],
      initContainers: [
        { name: "proxy", image, ...mounts, restartPolicy: "Always", ...SAFE },
        { name: "last", image, ...SAFE },
      ],
      containers: [{ name: "reload", image, ...mounts, ...SAFE }],
    });
    const { initContainers = [], containers } = podOf(entry);
    const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
    expect(names(initContainers)).toEqual(["write", "proxy", "last"]);
    expect(names(containers)).toEqual(["model", "reload"]);
  });

  test("get other names where the fleet has a container of theirs, and references to them follow", () => {
    const room = (containerName: string) => ({
      env: [{ name: "ROOM", valueFrom: { resourceFieldRef: { containerName, resource: "limits.memory" } } }],
    });
    const old: OldOptions = {
      pod: {
        initContainers: [served("model", room("server"))],
        containers: [SERVER, served("log", room("model"))],
      },
    };
    expect(entryOf(old)).toMatchObject({
      initContainers: [{ name: "model-2", ...room("model") }],
      sidecars: [{ name: "log", ...room("model-2") }],
    });
    expect(adopted(old).notes).toContain(
      "its container model gets the name model-2, since the fleet has a container model of its own",
    );
  });

  test("keep their disk, their user and that of the pod", () => {
    const old: OldOptions = {
      pod: { initContainers: [served("fetch")], securityContext: { runAsUser: 7 } },
      container: { securityContext: { readOnlyRootFilesystem: true, runAsUser: 8 } },
    };
    expect(entryOf(old)).toMatchObject({
      runAsUser: 7,
      initContainers: [{ securityContext: { readOnlyRootFilesystem: false } }],
      ...overServer({ securityContext: { runAsUser: 8 } }),
    });
  });

  test("do not put their log into the state, wherever they go", () => {
    const old: OldOptions = {
      pod: {
        volumes: [{ name: "data", emptyDir: {} }],
        initContainers: [served("fetch", { volumeMounts: [{ name: "data", mountPath: "/data" }], ...LOGS })],
        containers: [
          SERVER,
          served("log", LOGS),
          served("reload", { volumeMounts: [{ name: "data", mountPath: "/data" }], ...LOGS }),
        ],
      },
    };
    const entry = entryOf(old);
    expect(entry).toMatchObject({
      initContainers: [{ name: "fetch" }],
      sidecars: [{ name: "log" }],
      podSpec: { containers: [{ name: "reload" }] },
    });
    expect(JSON.stringify(entry)).not.toContain("terminationMessagePolicy");
    for (const name of ["fetch", "log", "reload"])
      expect(adopted(old).notes).toContain(
        `its container ${name}: its terminationMessagePolicy is not carried over: a log may hold a secret, and the state of the stack has what a container says at its end`,
      );
  });

  test("are not the server, to which the Service leads", () => {
    const { entry } = adopted({
      pod: { containers: [served("proxy", { ports: [{ containerPort: 1 }] }), SERVER] },
    });
    expect(entry).toMatchObject({ image: "registry.example/iris:1", sidecars: [{ name: "proxy" }] });
  });

  test("are not the server either if the route names no port of the Service", () => {
    const service = { ...SERVICE, spec: { selector: { app: "iris" }, ports: [] } };
    const containers = [{ ...SERVER, ports: [] }, served("proxy", { ports: [{ containerPort: 1 }] })];
    const { entry } = adopted({ services: [service], pod: { containers } });
    expect(entry).toMatchObject({ image: "registry.example/iris:1", sidecars: [{ name: "proxy" }] });
  });

  test("count for the time of the start, which a startup probe does not", () => {
    const startupProbe = { periodSeconds: 1, failureThreshold: 60 };
    const pod = { initContainers: [served("fetch")] };
    const seconds = (old: OldOptions) => adopted(old).entry["startupSeconds"];
    expect(seconds({ container: { startupProbe } })).toBe(60);
    expect(seconds({ container: { startupProbe }, pod })).toBe(600);
    expect(seconds({ container: { startupProbe }, pod, startedIn: 100 })).toBe(300);
  });
});
