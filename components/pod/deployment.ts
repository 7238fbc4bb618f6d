import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { selectorLabels } from "../../fleet/names";

type DeploymentSpec = types.input.apps.v1.DeploymentSpec;
type Container = types.input.core.v1.Container;

/** How long a pod goes on serving after it was told to stop, in seconds: routes forget it in that time. */
const PRE_STOP_SECONDS = 5;
/** How long requests under way may take after that, in seconds. */
const DRAIN_SECONDS = 30;
/** Pods beyond `replicas` during a rollout. None below them: no request is dropped. */
const MAX_SURGE = 0.25;

/** One container that serves HTTP, replicated. All plain, but for what only the cluster or a secret can tell. */
export interface ServerArgs {
  readonly name: string;
  readonly stack: string;
  readonly image: pulumi.Input<string>;
  readonly args?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly envFromSecret?: pulumi.Input<string> | undefined;
  readonly port: number;
  readonly replicas: number;
  readonly resources: pulumi.Input<types.input.core.v1.ResourceRequirements>;
  readonly readinessPath: string;
  readonly startupSeconds: number;
  readonly runAsUser?: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  readonly pullSecret?: pulumi.Input<string> | undefined;
}

/** The spec of a Deployment that drops no request and passes the `restricted` Pod Security Standard. */
export function deploymentSpec(args: ServerArgs): DeploymentSpec {
  const selector = selectorLabels(args.name, args.stack);
  return {
    replicas: args.replicas,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: args.startupSeconds,
    selector: { matchLabels: selector },
    strategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: `${MAX_SURGE * 100}%` },
    },
    template: {
      metadata: {
        labels: { ...args.labels, ...selector, "app.kubernetes.io/part-of": "modelfleet" },
        annotations: { ...args.annotations },
      },
      spec: {
        // Nothing of the fleet talks to the API server, and a token that is not mounted cannot leak.
        automountServiceAccountToken: false,
        // One variable per Service of the namespace would slow the start of every pod of a large fleet.
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
          ...(args.runAsUser !== undefined && { runAsUser: args.runAsUser }),
        },
        terminationGracePeriodSeconds: PRE_STOP_SECONDS + DRAIN_SECONDS,
        ...(args.pullSecret !== undefined && { imagePullSecrets: [{ name: args.pullSecret }] }),
        // For a single pod too, of which it asks nothing: else the second one would come with a rollout of the first.
        topologySpreadConstraints: [spreadOverNodes(selector)],
        containers: [container(args)],
      },
    },
  };
}

/**
 * How long a rollout may take, in seconds: its pods start in batches of the surge, each within its startup budget.
 * A first rollout starts all of them at once.
 */
export function rolloutSeconds(replicas: number, startupSeconds: number): { create: number; update: number } {
  const batches = Math.ceil(replicas / Math.max(1, Math.ceil(replicas * MAX_SURGE)));
  return { create: startupSeconds, update: startupSeconds * Math.max(1, batches) };
}

function container(args: ServerArgs): Container {
  const probe = { httpGet: { path: args.readinessPath, port: "http" } };
  // About one look a second while it starts, so that a fast model is ready fast, and a slow one is not looked at 7,200 times.
  const startupPeriod = Math.ceil(args.startupSeconds / 600);
  return {
    name: "model",
    image: args.image,
    ...(args.args !== undefined && { args: [...args.args] }),
    env: Object.entries(args.env)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
    ...(args.envFromSecret !== undefined && { envFrom: [{ secretRef: { name: args.envFromSecret } }] }),
    ports: [{ name: "http", containerPort: args.port, protocol: "TCP" }],
    resources: args.resources,
    startupProbe: {
      ...probe,
      periodSeconds: startupPeriod,
      timeoutSeconds: 1,
      failureThreshold: Math.ceil(args.startupSeconds / startupPeriod),
    },
    readinessProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
    // Whether the server still accepts connections, no more: a model that is busy must not be killed for it.
    livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 },
    // The kubelet's own sleep: images need no shell for it.
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    // Of a server that ends with an error, its last words stand in the pod's status, and so in the error of the update.
    terminationMessagePolicy: "FallbackToLogsOnError",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
}

function spreadOverNodes(matchLabels: Record<string, string>) {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
    // Counts the pods of one release only: else the old ones would steer the new to the wrong nodes.
    matchLabelKeys: ["pod-template-hash"],
  };
}
