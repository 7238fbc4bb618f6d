import type { Network } from "../network";

/** The node's name in the cluster. */
export const NODE_NAME = "real-0";

/** The path of the node's folder inside the node. */
const FOLDER = "/run/node";
const CONTAINERD_SOCKET = "/run/containerd/containerd.sock";

/** The image of the container that holds a pod's namespaces; every real node needs it. */
export const PAUSE_IMAGE = "modelfleet.local/pause:1";

/** The settings of a real node. */
export interface NodeSettings {
  readonly network: Network;
  /** The parent cgroup of all pods, without a slash. */
  readonly cgroup: string;
  /** Port of the API server, the same on loopback and on the node's link. */
  readonly apiServerPort: number;
  /** The folder of the CNI plugins `ptp` and `host-local`. */
  readonly cniFolder: string;
}

/** The files of the node's folder that do not depend on the control plane, by their paths in it. */
export function nodeFiles(settings: NodeSettings): Record<string, string> {
  return {
    "containerd.toml": containerdConfig(settings.cniFolder),
    "cni/10-pods.conflist": json(cniConfig(settings.network)),
    "kubelet.json": json(kubeletConfig(settings)),
    "kube-proxy.json": json(kubeProxyConfig(settings.network)),
    // There is no cluster DNS: pods of the fleet look up no names.
    "resolv.conf": "",
  };
}

/** The kubeconfig of the node's own programs: they reach the API server over the link, as administrator. */
export function nodeKubeconfig({ network, apiServerPort }: NodeSettings): string {
  const pki = `${FOLDER}/pki`;
  return json({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "local",
        cluster: {
          server: `https://${network.hostAddress}:${apiServerPort}`,
          "certificate-authority": `${pki}/ca.crt`,
        },
      },
    ],
    users: [
      {
        name: "admin",
        user: { "client-certificate": `${pki}/admin.crt`, "client-key": `${pki}/admin.key` },
      },
    ],
    contexts: [{ name: "local", context: { cluster: "local", user: "admin" } }],
    "current-context": "local",
  });
}

function kubeletConfig({ cgroup }: NodeSettings): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    // Pods can reach the kubelet's port, so it requires a certificate; only the API server has one.
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: `${FOLDER}/pki/ca.crt` },
    },
    authorization: { mode: "AlwaysAllow" },
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    // Without CAP_SYS_RESOURCE, no process may have a lower score than its parent.
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    resolvConf: `${FOLDER}/resolv.conf`,
    volumePluginDir: "/var/lib/kubelet/volumeplugins",
    maxPods: 250,
    // The kubelet's default limits are for many nodes that share an API server; they would delay a rollout.
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
    eventRecordQPS: 0,
    registryPullQPS: 0,
    imageGCHighThresholdPercent: 100,
    evictionHard: { "memory.available": "100Mi" },
    readOnlyPort: 0,
  };
}

function kubeProxyConfig(network: Network): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    bindAddress: network.nodeAddress,
    clusterCIDR: network.podRange,
    hostnameOverride: NODE_NAME,
    oomScoreAdj: 0,
    clientConnection: { kubeconfig: `${FOLDER}/kubeconfig` },
    // These limits apply to the whole machine, not to the namespace: zero keeps them unchanged.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    nftables: { minSyncPeriod: "0.1s", syncPeriod: "30s" },
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
  };
}

function cniConfig(network: Network): object {
  return {
    cniVersion: "1.0.0",
    name: "pods",
    plugins: [
      {
        type: "ptp",
        ipMasq: false,
        mtu: 1400,
        ipam: {
          type: "host-local",
          dataDir: "/run/cni-ipam",
          ranges: [[{ subnet: network.podRange }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
    ],
  };
}

/** Containerd 1.6 and 1.7 read version 2, and 2.x converts it; tried with 1.6 only. */
function containerdConfig(cniFolder: string): string {
  return `version = 2
root = "${FOLDER}/containerd"
state = "/run/containerd"
[grpc]
  address = "${CONTAINERD_SOCKET}"
[plugins."io.containerd.internal.v1.opt"]
  path = "/run/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${cniFolder}"
    conf_dir = "${FOLDER}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "runc"
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`;
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
