import { PRE_STOP_SECONDS } from "../../../fleet/times";
import type { Part } from "../part";

/** The container, which passes the `restricted` Pod Security Standard, and drops no request when it ends. */
export const container: Part = ({ image, args, port, resources, runAsUser, drainSeconds }) => ({
  container: {
    image,
    ...(args !== undefined && { args: [...args] }),
    ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
    resources,
    // The kubelet's own sleep: images need no shell for it.
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    // Not the log: the provider stores a pod's status in the stack's state, and a log may hold a secret.
    terminationMessagePolicy: "File",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  },
  pod: {
    // No pod of the fleet calls the API server, and a token that is not mounted cannot leak.
    automountServiceAccountToken: false,
    // One variable per Service of the namespace would slow the start of every pod of a large fleet.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      ...(runAsUser !== undefined && { runAsUser }),
    },
    terminationGracePeriodSeconds: PRE_STOP_SECONDS + drainSeconds,
  },
});

/** The credentials with which images are pulled. */
export const pullSecret: Part = (_settings, args) =>
  args.pullSecret === undefined ? {} : { pod: { imagePullSecrets: [{ name: args.pullSecret }] } };
