import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { ClusterTools } from "../toolchain/ensure";
import type { Network } from "./network";
import type { Ports } from "./ports";
import { clusterEnvironment, logFile } from "./processes";
import type { NodeKind } from "./types";

/** How long etcd, API server, controller manager and scheduler may take together, in milliseconds. */
const START_TIMEOUT_MS = 180_000;

/** The API server needs an address for the Service `kubernetes`, though simulated pods never use it (RFC 5737). */
const NO_ADDRESS = "192.0.2.1";

/** The settings of a control plane. */
export interface ControlPlaneOptions {
  readonly name: string;
  readonly directory: string;
  readonly ports: Ports;
  readonly tools: ClusterTools;
  /** The real node's network; undefined with simulated nodes, which kwok's controller simulates. */
  readonly network: Network | undefined;
}

/** The names of the control plane's processes, as `processesOf` reports them. */
export function controlPlaneProcesses(nodes: NodeKind): string[] {
  const common = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
  return nodes === "real" ? common : [...common, "kwok-controller"];
}

/** The path of the kubeconfig of the cluster in this directory; its user has all permissions. */
export function kubeconfigFile(directory: string): string {
  return join(directory, "kubeconfig");
}

/** The folder of kwokctl's state for the cluster in this directory: etcd's data, keys, logs. */
export function kwokFolder(directory: string, name: string): string {
  return join(directory, "kwok", "clusters", name);
}

/**
 * Starts etcd, the API server, the controller manager and the scheduler with kwokctl, all on loopback. Returns when the
 * API server accepts requests; it is ready a second later. Throws with the end of kwokctl's log when that takes longer
 * than three minutes.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<void> {
  const { directory, name } = options;
  const kubeconfig = kubeconfigFile(directory);
  const config = join(directory, "kwokctl.json");
  await writeFile(config, JSON.stringify(kwokctlConfig(options), undefined, 2));
  await rm(kubeconfig, { force: true });
  const args = ["create", "cluster", "--name", name, "--config", config, "--kubeconfig", kubeconfig];
  const log = logFile(directory, "kwokctl");
  try {
    // Detached: its children stay in its session, and they must not end with this terminal.
    await execa(options.tools.kwokctl, args, {
      cwd: directory,
      detached: true,
      extendEnv: false,
      env: { ...clusterEnvironment(directory), KWOK_WORKDIR: join(directory, "kwok") },
      stdin: "ignore",
      stdout: { file: log },
      stderr: { file: log },
      timeout: START_TIMEOUT_MS,
    });
  } catch {
    const text = await readFile(log, "utf8").catch(() => "");
    throw new Error(
      `kwokctl did not start the control plane: ${text.trim().split("\n").slice(-3).join(" | ")}`,
    );
  }
}

/** The configuration of kwokctl. */
export function kwokctlConfig(options: ControlPlaneOptions): object {
  const { directory, name, network, ports, tools } = options;
  const pki = join(kwokFolder(directory, name), "pki");
  const serviceRange = network?.serviceRange ?? "10.96.0.0/16";
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      // Pods reach the API server through the node's forwarder, and nothing else of the control plane.
      bindAddress: "127.0.0.1",
      kubeApiserverPort: ports.apiServer,
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      kwokControllerPort: ports.kwok,
      etcdBinary: tools.etcd,
      kubeApiserverBinary: tools["kube-apiserver"],
      kubeControllerManagerBinary: tools["kube-controller-manager"],
      kubeSchedulerBinary: tools["kube-scheduler"],
      kwokControllerBinary: tools.kwok,
      kubectlBinary: tools.kubectl,
      kubeApiserverCertSANs: network ? [network.hostAddress, network.apiServiceAddress] : [],
      disable: network ? ["kwok-controller"] : [],
      disableQPSLimits: true,
    },
    componentsPatches: [
      // The cluster's data is disposable, so etcd need not wait for the disk.
      patch("etcd", { "unsafe-no-fsync": "true" }),
      patch("kube-apiserver", {
        // kwokctl's own range is a /24, full at 250 Services.
        "service-cluster-ip-range": serviceRange,
        "advertise-address": network?.hostAddress ?? NO_ADDRESS,
        "kubelet-preferred-address-types": "InternalIP",
        "kubelet-client-certificate": join(pki, "admin.crt"),
        "kubelet-client-key": join(pki, "admin.key"),
      }),
      // There is one of each, so leader election would only delay the start.
      patch("kube-controller-manager", { "service-cluster-ip-range": serviceRange, "leader-elect": "false" }),
      patch("kube-scheduler", { "leader-elect": "false" }),
    ],
  };
}

function patch(name: string, args: Readonly<Record<string, string>>): object {
  return { name, extraArgs: Object.entries(args).map(([key, value]) => ({ key, value })) };
}
