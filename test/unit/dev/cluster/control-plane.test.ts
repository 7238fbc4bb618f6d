import { describe, expect, test } from "vitest";
import { kwokctlConfig } from "../../../../dev/cluster/control-plane";
import { networkOf } from "../../../../dev/cluster/network";
import { CLUSTER_TOOLS, type ClusterTools } from "../../../../dev/toolchain/ensure";

const options = {
  name: "local",
  directory: "/clusters/a",
  tools: Object.fromEntries(CLUSTER_TOOLS.map((name) => [name, `/bin/${name}`])) as ClusterTools,
  ports: {
    apiServer: 20001,
    etcd: 20002,
    etcdPeer: 20003,
    controllerManager: 20004,
    scheduler: 20005,
    kwok: 20006,
    ingress: 20007,
    ingressHttps: 20008,
  },
};

interface Config {
  options: Record<string, unknown>;
  componentsPatches: { name: string; extraArgs: { key: string; value: string }[] }[];
}

function argument(config: Config, component: string, key: string): string | undefined {
  const patch = config.componentsPatches.find(({ name }) => name === component);
  return patch?.extraArgs.find((extra) => extra.key === key)?.value;
}

describe("kwokctlConfig", () => {
  const real = kwokctlConfig({ ...options, network: networkOf(210) }) as Config;
  const simulated = kwokctlConfig({ ...options, network: undefined }) as Config;

  test("binds everything to loopback, for real and for simulated nodes", () => {
    expect(real.options["bindAddress"]).toBe("127.0.0.1");
    expect(simulated.options["bindAddress"]).toBe("127.0.0.1");
  });

  test("advertises the address on a real node's link, and certifies it", () => {
    expect(argument(real, "kube-apiserver", "advertise-address")).toBe("10.210.0.1");
    expect(real.options["kubeApiserverCertSANs"]).toEqual(["10.210.0.1", "10.210.128.1"]);
    expect(real.options["disable"]).toEqual(["kwok-controller"]);
  });

  test("gives the API server and the controller manager the same Service range, wider than kwokctl's /24", () => {
    for (const component of ["kube-apiserver", "kube-controller-manager"]) {
      expect(argument(real, component, "service-cluster-ip-range")).toBe("10.210.128.0/17");
      expect(argument(simulated, component, "service-cluster-ip-range")).toBe("10.96.0.0/16");
    }
  });

  test("runs kwok's controller for simulated nodes", () => {
    expect(simulated.options["disable"]).toEqual([]);
    expect(simulated.options["kwokControllerBinary"]).toBe("/bin/kwok");
  });
});
