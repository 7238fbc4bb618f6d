import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realParts, startParts } from "../../../../dev/cluster/parts";
import { processesOf, startDaemon } from "../../../../dev/cluster/processes";
import { CLUSTER_TOOLS, type ClusterTools } from "../../../../dev/toolchain/ensure";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "modelfleet-parts-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("startParts", () => {
  test("starts the parts of a stage side by side, and the next stage after all of them", async () => {
    const events: string[] = [];
    const part = (name: string, milliseconds: number) => async () => {
      events.push(`${name} starts`);
      await sleep(milliseconds);
      events.push(`${name} is ready`);
    };
    const reports: string[] = [];
    const stages = [{ a: part("a", 40), b: part("b", 0) }, { c: part("c", 0) }];
    await startParts(directory, stages, (text) => reports.push(text));
    expect(events).toEqual(["a starts", "b starts", "b is ready", "a is ready", "c starts", "c is ready"]);
    expect(reports).toEqual(["waiting for a and b", "waiting for c"]);
  });

  test("ends the other parts of a stage when one fails, and starts no further stage", async () => {
    const started: string[] = [];
    const slow = async () => {
      await startDaemon(directory, { name: "slow", command: "sleep", args: ["60"] });
      started.push("slow");
    };
    const failing = async () => {
      await expect.poll(() => started).toEqual(["slow"]);
      throw new Error("no image");
    };
    const later = async () => void started.push("later");
    const start = startParts(directory, [{ slow, failing }, { later }], () => undefined);
    await expect(start).rejects.toThrow("no image");
    expect(started).toEqual(["slow"]);
    expect(await processesOf(directory)).toEqual([]);
  });
});

describe("realParts", () => {
  test("refuses tools without those of a real node, and names them", () => {
    const tools = Object.fromEntries(CLUSTER_TOOLS.map((name) => [name, `/bin/${name}`])) as ClusterTools;
    const options = { name: "local", directory, nodes: "real", tools } as const;
    const ports = {
      apiServer: 1,
      etcd: 2,
      etcdPeer: 3,
      controllerManager: 4,
      scheduler: 5,
      kwok: 6,
      ingress: 7,
      ingressHttps: 8,
    };
    const access = { kubectl: tools.kubectl, kubeconfig: join(directory, "kubeconfig"), directory };
    const machine = { containerd: "/usr/bin/containerd", cniFolder: "/usr/lib/cni" };
    expect(() => realParts({ options, ports, access }, machine)).toThrow(
      'the option "tools" has no path of kubelet, kube-proxy, traefik',
    );
  });
});
