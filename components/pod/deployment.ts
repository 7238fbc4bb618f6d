import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ModelSettings } from "../../config/model-schema";
import { selectorLabels } from "../../fleet/owner";
import { inOrderOfReference } from "../../fleet/references";

type DeploymentSpec = types.input.apps.v1.DeploymentSpec;
type Container = types.input.core.v1.Container;

/** Seconds that a terminating pod keeps serving, so that routes drop it first. */
const PRE_STOP_SECONDS = 5;
/** Additional pods during a rollout, as a share of `replicas`. No pod goes before its successor is ready. */
const MAX_SURGE = 0.25;

/** The settings of a model that its Deployment uses. */
export type PodSettings = Omit<
  ModelSettings,
  "path" | "aliases" | "host" | "route" | "service" | "plain" | "protect"
>;

/** Arguments of a Deployment besides its settings: its name, its owner, and the Secrets that other objects supply. */
export interface ServerArgs {
  /** Value of `app.kubernetes.io/name`: the ID of the model. */
  readonly name: string;
  /** The variant of the model. @default that of a model without variants */
  readonly variant?: string;
  readonly stack: string;
  /** Name of the Secret with the secret environment. @default none */
  readonly envFromSecret?: pulumi.Input<string> | undefined;
  /** Name of the pull Secret. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
}

/** The spec of a Deployment that drops no request and passes the `restricted` Pod Security Standard. */
export function deploymentSpec(settings: PodSettings, args: ServerArgs): DeploymentSpec {
  const selector = selectorLabels(args.name, args.stack, args.variant);
  return {
    replicas: settings.replicas,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: settings.startupSeconds,
    selector: { matchLabels: selector },
    strategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: `${MAX_SURGE * 100}%` },
    },
    template: {
      metadata: {
        labels: { ...settings.labels, ...selector, "app.kubernetes.io/part-of": "modelfleet" },
        annotations: settings.annotations,
      },
      spec: {
        // No pod of the fleet calls the API server, and a token that is not mounted cannot leak.
        automountServiceAccountToken: false,
        // One variable per Service of the namespace would slow the start of every pod of a large fleet.
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
          ...(settings.runAsUser !== undefined && { runAsUser: settings.runAsUser }),
        },
        terminationGracePeriodSeconds: PRE_STOP_SECONDS + settings.drainSeconds,
        ...(args.pullSecret !== undefined && { imagePullSecrets: [{ name: args.pullSecret }] }),
        // Set for one replica too, where it has no effect: otherwise scaling to two would change the template and
        // restart the first pod.
        topologySpreadConstraints: [spreadOverNodes(selector)],
        containers: [container(settings, args)],
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

/** Seconds that the deletion of a Deployment may take besides the drain of its pods: the provider's own default. */
const DELETE_SECONDS = 600;

/** The timeouts of a Deployment: the update waits as long as its rollout may take, and until its pods are gone. */
export function rolloutTimeouts({
  replicas,
  startupSeconds,
  drainSeconds,
}: PodSettings): pulumi.CustomTimeouts {
  const { create, update } = rolloutSeconds(replicas, startupSeconds);
  return { create: `${create}s`, update: `${update}s`, delete: `${DELETE_SECONDS + drainSeconds}s` };
}

function container(settings: PodSettings, args: ServerArgs): Container {
  const { path, ...times } = settings.readiness;
  const probe = { httpGet: { path, port: "http" } };
  // Probes about once a second, at most 600 times.
  const startupPeriod = Math.ceil(settings.startupSeconds / 600);
  return {
    name: "model",
    image: settings.image,
    ...(settings.args !== undefined && { args: [...settings.args] }),
    env: inOrderOfReference(settings.env).map(([name, value]) => ({ name, value })),
    ...(args.envFromSecret !== undefined && { envFrom: [{ secretRef: { name: args.envFromSecret } }] }),
    ports: [{ name: "http", containerPort: settings.port, protocol: "TCP" }],
    resources: settings.resources,
    startupProbe: {
      ...probe,
      periodSeconds: startupPeriod,
      timeoutSeconds: times.timeoutSeconds,
      failureThreshold: Math.ceil(settings.startupSeconds / startupPeriod),
    },
    readinessProbe: { ...probe, ...times },
    // Only checks that the port accepts connections, for two minutes: a busy model must not be killed, and one with a
    // single thread accepts none once its backlog is full.
    livenessProbe: {
      tcpSocket: { port: "http" },
      periodSeconds: 10,
      timeoutSeconds: 10,
      failureThreshold: 12,
    },
    // The kubelet's own sleep: images need no shell for it.
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    // Not the log: the provider stores a pod's status in the stack's state, and a log may hold a secret.
    terminationMessagePolicy: "File",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
}

function spreadOverNodes(matchLabels: Record<string, string>) {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
    // Counts pods of the same revision only; old pods would otherwise skew the spread.
    matchLabelKeys: ["pod-template-hash"],
  };
}
