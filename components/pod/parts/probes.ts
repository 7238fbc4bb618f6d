import type { Part } from "../part";

/** How the kubelet asks whether the container has started, is ready, and lives. */
export const probes: Part = ({ readiness, startupSeconds }) => {
  const { path, ...times } = readiness;
  const probe = { httpGet: { path, port: "http" } };
  // Probes about once a second, at most 600 times.
  const startupPeriod = Math.ceil(startupSeconds / 600);
  return {
    container: {
      startupProbe: {
        ...probe,
        periodSeconds: startupPeriod,
        timeoutSeconds: times.timeoutSeconds,
        failureThreshold: Math.ceil(startupSeconds / startupPeriod),
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
    },
  };
};
