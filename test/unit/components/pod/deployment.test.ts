import { describe, expect, test } from "vitest";
import { deploymentSpec } from "../../../../components/pod/deployment";
import { rolloutTimeouts } from "../../../../components/pod/parts/rollout";
import { modelOf } from "../../../support/settings";

// Narrows the types once: they allow outputs everywhere, but plain settings give plain values.
type Plain = {
  replicas: number;
  selector: { matchLabels: Record<string, string> };
  template: {
    metadata: { labels: Record<string, string> };
    spec: Record<string, unknown> & { containers: Record<string, unknown>[] };
  };
};
const plain = (settings: Record<string, unknown> = {}) =>
  deploymentSpec(modelOf(settings), { name: "iris", stack: "dev" }) as unknown as Plain;

describe("a pod", () => {
  const { spec } = plain().template;

  test("passes the restricted Pod Security Standard", () => {
    expect(spec["securityContext"]).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(spec.containers[0]?.["securityContext"]).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
  });

  test("may run as root with podSecurity baseline, and nothing else", () => {
    const { securityContext, containers } = plain({ podSecurity: "baseline", runAsUser: 0 }).template.spec;
    expect(securityContext).toEqual({ runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } });
    expect(containers[0]?.["securityContext"]).toEqual(spec.containers[0]?.["securityContext"]);
  });

  test("may write to its whole disk if the settings say so", () => {
    const { containers } = plain({ readOnlyRootFilesystem: false }).template.spec;
    expect(containers[0]?.["securityContext"]).not.toHaveProperty("readOnlyRootFilesystem");
  });

  test("mounts no service-account token", () => {
    expect(spec["automountServiceAccountToken"]).toBe(false);
  });

  test("has a grace period as long as its preStop sleep and its drain together, or longer", () => {
    expect(spec["terminationGracePeriodSeconds"]).toBe(35);
    expect(plain({ drainSeconds: 90 }).template.spec["terminationGracePeriodSeconds"]).toBe(95);
    expect(rolloutTimeouts(modelOf({ drainSeconds: 3600 }))).toMatchObject({ delete: "4200s" });
    expect(spec.containers[0]?.["lifecycle"]).toEqual({ preStop: { sleep: { seconds: 5 } } });
  });

  test("keeps no log lines in its status, which Pulumi stores in the stack's state", () => {
    expect(spec.containers[0]?.["terminationMessagePolicy"]).toBe("File");
  });

  test("is asked as `readiness` says, also while it starts", () => {
    const readiness = { path: "/ok", periodSeconds: 7, timeoutSeconds: 8, failureThreshold: 9 };
    const [container] = plain({ readiness, startupSeconds: 20 }).template.spec.containers;
    const { path, ...times } = readiness;
    const httpGet = { path, port: "http" };
    expect(container?.["readinessProbe"]).toEqual({ httpGet, ...times });
    const startup = { periodSeconds: 1, timeoutSeconds: 8, failureThreshold: 20 };
    expect(container?.["startupProbe"]).toEqual({ httpGet, ...startup });
  });

  test("may leave every request unanswered for a minute before it gets no more", () => {
    const { timeoutSeconds, failureThreshold } = spec.containers[0]?.["readinessProbe"] as Record<
      string,
      number
    >;
    expect((timeoutSeconds ?? 0) * (failureThreshold ?? 0)).toBeGreaterThanOrEqual(60);
  });

  test("has its environment sorted, so that reordering makes no diff", () => {
    expect(plain({ env: { B: "2", A: "1" } }).template.spec.containers[0]?.["env"]).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ]);
  });

  test.each([
    [1, 1, 1],
    [120, 1, 120],
    [7200, 12, 600],
  ])("that may take %i s to start is probed every %i s, %i times", (startupSeconds, periodSeconds, times) => {
    const probe = plain({ startupSeconds }).template.spec.containers[0]?.["startupProbe"];
    expect(probe).toMatchObject({ periodSeconds, failureThreshold: times });
  });
});

test("a selector holds nothing that a user can edit, and labels cannot override it", () => {
  const spec = plain({ labels: { team: "x", "app.kubernetes.io/version": "7" } });
  expect(spec.selector.matchLabels).toEqual({
    "app.kubernetes.io/name": "iris",
    "app.kubernetes.io/instance": "dev",
    "modelfleet.dev/variant": "default",
  });
  expect(spec.template.metadata.labels).toEqual({
    ...spec.selector.matchLabels,
    "app.kubernetes.io/part-of": "modelfleet",
    "app.kubernetes.io/version": "7",
    team: "x",
  });
});

test("replicas are spread over nodes, and scaling does not change the pod template", () => {
  expect(plain({ replicas: 2 }).template.spec["topologySpreadConstraints"]).toEqual([
    expect.objectContaining({
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: plain().selector.matchLabels },
    }),
  ]);
  expect(plain({ replicas: 2 }).template).toEqual(plain().template);
});

test("deploymentSpec keeps 0 replicas", () => {
  expect(plain({ replicas: 0 }).replicas).toBe(0);
});
