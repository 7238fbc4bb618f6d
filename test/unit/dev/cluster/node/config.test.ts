import { describe, expect, test } from "vitest";
import { networkOf } from "../../../../../dev/cluster/network";
import { nodeFiles, nodeKubeconfig } from "../../../../../dev/cluster/node/config";

const settings = {
  network: networkOf(222),
  cgroup: "mf-12345678",
  apiServerPort: 20001,
  cniFolder: "/usr/lib/cni",
};
const files = nodeFiles(settings);
const parsed = (path: string) => JSON.parse(files[path] ?? "") as Record<string, unknown>;

describe("nodeFiles", () => {
  test("keeps the pods of a cluster below its own cgroup", () => {
    expect(parsed("kubelet.json")).toMatchObject({ cgroupRoot: "/mf-12345678", cgroupDriver: "cgroupfs" });
  });

  test("lets nobody without a certificate use the kubelet", () => {
    expect(parsed("kubelet.json")["authentication"]).toEqual({
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: "/run/node/pki/ca.crt" },
    });
  });

  test("has an address for each of the 250 pods, from the cluster's own range", () => {
    expect(parsed("kubelet.json")["maxPods"]).toBe(250);
    expect(files["cni/10-pods.conflist"]).toContain('"subnet": "10.222.2.0/23"');
    expect(parsed("kube-proxy.json")["clusterCIDR"]).toBe("10.222.2.0/23");
  });

  test("changes nothing of the machine's connection tracking", () => {
    expect(parsed("kube-proxy.json")["conntrack"]).toEqual({
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: "0s",
      tcpCloseWaitTimeout: "0s",
    });
  });

  test("takes the CNI plugins from where this machine has them", () => {
    expect(files["containerd.toml"]).toContain('bin_dir = "/usr/lib/cni"');
  });
});

describe("nodeKubeconfig", () => {
  test("reaches the API server over the link", () => {
    expect(nodeKubeconfig(settings)).toContain('"server": "https://10.222.0.1:20001"');
  });
});
