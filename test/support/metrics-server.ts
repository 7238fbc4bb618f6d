import { join } from "node:path";
import { apply, kubectl, type KubectlAccess } from "../../dev/cluster/kubectl";
import { startDaemon } from "../../dev/cluster/processes";
import type { Cluster } from "../../dev/cluster/types";
import { ensureTools } from "../../dev/toolchain/ensure";
import { until } from "../../lib/until";
import { freePort } from "./free-port";

const NAME = "metrics-server";
const NAMESPACE = "kube-system";
const GROUP = "metrics.k8s.io";

/** How often it asks the node, in seconds: its shortest interval, so that a test need not wait for the usual 15. */
const RESOLUTION_SECONDS = 10;

/** How long the first figures of a node may take, in milliseconds. */
const READY_TIMEOUT_MS = 120_000;

/**
 * Starts the metrics server of a cluster with a real node, from which Kubernetes' autoscaler knows what pods use. It runs
 * beside the control plane, asks the node's kubelet, and ends with the cluster.
 */
export async function startMetricsServer({ directory, kubeconfig }: Cluster): Promise<void> {
  const tools = await ensureTools([NAME, "kubectl"]);
  const access = { kubectl: tools.kubectl, kubeconfig, directory };
  const port = await freePort();
  const files = ["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"];
  await startDaemon(directory, {
    name: NAME,
    command: tools[NAME],
    args: [
      ...files.map((flag) => `--${flag}=${kubeconfig}`),
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${join(directory, NAME)}`,
      `--metric-resolution=${RESOLUTION_SECONDS}s`,
      `--kubelet-request-timeout=${RESOLUTION_SECONDS / 2}s`,
      // The kubelet has a certificate that it signed itself.
      "--kubelet-insecure-tls",
      "--kubelet-preferred-address-types=InternalIP",
    ],
  });
  await apply(access, objects(port));
  await untilMeasured(access);
}

/** What makes the API server ask the program for `metrics.k8s.io`. */
function objects(port: number): object[] {
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: NAME, namespace: NAMESPACE },
      // The API server runs on the same machine, and resolves this name itself.
      spec: { type: "ExternalName", externalName: "localhost", ports: [{ port }] },
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: `v1beta1.${GROUP}` },
      spec: {
        group: GROUP,
        version: "v1beta1",
        service: { name: NAME, namespace: NAMESPACE, port },
        // It has a certificate that it signed itself.
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  ];
}

async function untilMeasured(access: KubectlAccess): Promise<void> {
  const isMeasured = () =>
    kubectl(access, ["get", "--raw", `/apis/${GROUP}/v1beta1/nodes`]).then(
      (text) => text.includes('"cpu"'),
      () => false,
    );
  if (!(await until(isMeasured, { intervalMs: 500, timeoutMs: READY_TIMEOUT_MS })))
    throw new Error(
      `the metrics server has no figures of the node; see ${access.directory}/logs/${NAME}.log`,
    );
}
