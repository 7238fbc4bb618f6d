import type { Part } from "../part";

/** How the kubelet asks whether the container has started, is ready, and lives. */
export const probes: Part = ({ readiness, liveness, startupSeconds, protocol, port }) => {
  const { path, ...times } = readiness;
  const { path: livePath, ...liveTimes } = liveness;
  const probe = protocol === "grpc" ? { grpc: { port } } : { httpGet: { path, port: "http" } };
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
      // Unless a path is set, only whether the port accepts connections, for two minutes: a busy model must not be killed,
      // and one with a single thread accepts none once its backlog is full.
      livenessProbe: {
        ...(livePath === undefined
          ? { tcpSocket: { port: "http" } }
          : { httpGet: { path: livePath, port: "http" } }),
        ...liveTimes,
      },
    },
  };
};
