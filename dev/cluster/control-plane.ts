import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Network } from "./network";
import type { Ports } from "./ports";
import { clusterEnvironment, logFile } from "./processes";
import { tool, type ToolPaths } from "./tool-paths";

/** How long etcd, API server, controller manager and scheduler may take together, in milliseconds. */
const START_TIMEOUT_MS = 180_000;

/** Simulated pods call nobody, but the API server insists on an address for the Service `kubernetes` (RFC 5737). */
const NO_ADDRESS = "192.0.2.1";

/** What a control plane is started from. */
export interface ControlPlaneOptions {
  readonly name: string;
  readonly directory: string;
  readonly ports: Ports;
  readonly tools: ToolPaths;
  /** The real node's network; undefined for simulated nodes, which kwok's controller then plays. */
  readonly network: Network | undefined;
}

/** The names of the control plane's processes, as `processesOf` reports them. */
export function controlPlaneProcesses(nodes: "real" | "simulated"): string[] {
  const common = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
  return nodes === "real" ? common : [...common, "kwok-controller"];
}

/** The kubeconfig of the cluster in this directory; its user may do everything. */
export function kubeconfigFile(directory: string): string {
  return join(directory, "kubeconfig");
}

/** Where kwokctl keeps the state of its one cluster here: etcd's data, keys, logs. */
export function kwokFolder(directory: string, name: string): string {
  return join(directory, "kwok", "clusters", name);
}

/**
 * Has kwokctl start etcd, the API server, the controller manager and the scheduler, all on loopback, and returns once
 * the API server serves; it is ready a second later. Throws with kwokctl's last words when it does not within three
 * minutes.
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
    // Detached, since its children stay in its session and are not to end with this terminal.
    await execa(tool(options.tools, "kwokctl"), args, {
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
    const words = await readFile(log, "utf8").catch(() => "");
    throw new Error(
      `kwokctl did not start the control plane: ${words.trim().split("\n").slice(-3).join(" | ")}`,
    );
  }
}

/** The configuration that kwokctl makes the control plane from. */
export function kwokctlConfig(options: ControlPlaneOptions): object {
  const { directory, name, network, ports, tools } = options;
  const pki = join(kwokFolder(directory, name), "pki");
  const serviceRange = network?.serviceRange ?? "10.96.0.0/16";
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      // Nothing of the control plane is reachable from pods; the API server is, through the node's forwarder.
      bindAddress: "127.0.0.1",
      kubeApiserverPort: ports.apiServer,
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      kwokControllerPort: ports.kwok,
      etcdBinary: tool(tools, "etcd"),
      kubeApiserverBinary: tool(tools, "kube-apiserver"),
      kubeControllerManagerBinary: tool(tools, "kube-controller-manager"),
      kubeSchedulerBinary: tool(tools, "kube-scheduler"),
      kwokControllerBinary: tool(tools, "kwok"),
      kubectlBinary: tool(tools, "kubectl"),
      kubeApiserverCertSANs: network ? [network.hostAddress, network.apiServiceAddress] : [],
      disable: network ? ["kwok-controller"] : [],
      disableQPSLimits: true,
    },
    componentsPatches: [
      // The cluster is thrown away with its directory, so etcd need not wait for the disk.
      patch("etcd", { "unsafe-no-fsync": "true" }),
      patch("kube-apiserver", {
        // kwokctl's own range is a /24, full at 250 Services.
        "service-cluster-ip-range": serviceRange,
        "advertise-address": network?.hostAddress ?? NO_ADDRESS,
        "kubelet-preferred-address-types": "InternalIP",
        "kubelet-client-certificate": join(pki, "admin.crt"),
        "kubelet-client-key": join(pki, "admin.key"),
      }),
      // There is one of each, which need not wait to be elected.
      patch("kube-controller-manager", { "service-cluster-ip-range": serviceRange, "leader-elect": "false" }),
      patch("kube-scheduler", { "leader-elect": "false" }),
    ],
  };
}

function patch(name: string, args: Readonly<Record<string, string>>): object {
  return { name, extraArgs: Object.entries(args).map(([key, value]) => ({ key, value })) };
}
