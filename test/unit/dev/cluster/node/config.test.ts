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
  test("puts the pods of a cluster in its own cgroup", () => {
    expect(parsed("kubelet.json")).toMatchObject({ cgroupRoot: "/mf-12345678", cgroupDriver: "cgroupfs" });
  });

  test("requires a certificate for the kubelet's port", () => {
    expect(parsed("kubelet.json")["authentication"]).toEqual({
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: "/run/node/pki/ca.crt" },
    });
  });

  test("gives each of the 250 pods an address from the cluster's own range", () => {
    expect(parsed("kubelet.json")["maxPods"]).toBe(250);
    expect(files["cni/10-pods.conflist"]).toContain('"subnet": "10.222.2.0/23"');
    expect(parsed("kube-proxy.json")["clusterCIDR"]).toBe("10.222.2.0/23");
  });

  test("leaves the machine's connection tracking unchanged", () => {
    expect(parsed("kube-proxy.json")["conntrack"]).toEqual({
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: "0s",
      tcpCloseWaitTimeout: "0s",
    });
  });

  test("uses the machine's folder of CNI plugins", () => {
    expect(files["containerd.toml"]).toContain('bin_dir = "/usr/lib/cni"');
  });
});

describe("nodeKubeconfig", () => {
  test("points to the API server over the link", () => {
    expect(nodeKubeconfig(settings)).toContain('"server": "https://10.222.0.1:20001"');
  });
});
