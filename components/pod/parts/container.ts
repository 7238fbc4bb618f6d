import { PRE_STOP_SECONDS } from "../../../fleet/times";
import type { Container, Part, PodSettings } from "../part";

/** The container, which passes the `restricted` Pod Security Standard, and drops no request when it ends. */
export const container: Part = ({ image, resources, runAsUser, drainSeconds, podSecurity, ...settings }) => ({
  container: {
    image,
    ...commandOf(settings),
    ports: portsOf(settings),
    resources,
    // The kubelet's own sleep: images need no shell for it.
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    // Not the log: the provider stores a pod's status in the stack's state, and a log may hold a secret.
    terminationMessagePolicy: "File",
    securityContext: containerSecurity(settings),
  },
  pod: {
    // No pod of the fleet calls the API server, and a token that is not mounted cannot leak.
    automountServiceAccountToken: false,
    // One variable per Service of the namespace would slow the start of every pod of a large fleet.
    enableServiceLinks: false,
    securityContext: {
      ...(podSecurity === "restricted" && { runAsNonRoot: true }),
      seccompProfile: { type: "RuntimeDefault" },
      ...(runAsUser !== undefined && { runAsUser }),
    },
    terminationGracePeriodSeconds: PRE_STOP_SECONDS + drainSeconds,
  },
});

function commandOf({
  imagePullPolicy,
  command,
  args,
}: Pick<PodSettings, "imagePullPolicy" | "command" | "args">): Partial<Container> {
  return {
    ...(imagePullPolicy !== undefined && { imagePullPolicy }),
    ...(command !== undefined && { command: [...command] }),
    ...(args !== undefined && { args: [...args] }),
  };
}

/** What every container may do, also one as root: nothing beyond its own files. */
export function containerSecurity({ readOnlyRootFilesystem }: Pick<PodSettings, "readOnlyRootFilesystem">) {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    ...(readOnlyRootFilesystem && { readOnlyRootFilesystem }),
  };
}

/** The port of the requests, and that of the metrics if it is another one. */
function portsOf({ port, metrics }: Pick<PodSettings, "port" | "metrics">) {
  const metricsPort = metrics?.port ?? port;
  return [
    { name: "http", containerPort: port, protocol: "TCP" },
    ...(metricsPort === port ? [] : [{ name: "metrics", containerPort: metricsPort, protocol: "TCP" }]),
  ];
}

/** The credentials with which images are pulled. */
export const pullSecret: Part = (_settings, args) =>
  args.pullSecret === undefined ? {} : { pod: { imagePullSecrets: [{ name: args.pullSecret }] } };
