import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict, underLoad } from "../support/traffic";
import { Workspace } from "../support/workspace";

const stack = "protection";

describeReal("a protected fleet", (cluster) => {
  const url = `${cluster.ingressUrl}/${stack}/iris`;
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      ...{ stack, cluster },
      config: {
        ...{ namespace: stack, models: ["iris"], ingress: { className: "traefik" } },
        defaults: { ...EXAMPLE_DEFAULTS, replicas: 2 },
        networkPolicy: { from: [{ namespace: "kube-sytem" }] },
        catalog: { iris: { network: { to: [{ cidr: "0.0.0.0/0", except: ["10.0.0.0/8"], ports: [443] }] } } },
      },
    });
  });
  afterAll(() => fleet.remove(stack));

  test("is refused if its network policy names a namespace that is not there", async () => {
    const { exitCode, text } = await fleet.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      'networkPolicy.from[0].namespace: names the Namespace "kube-sytem", and the cluster has none; did you mean "kube-system"? Else create it first',
    );
  });

  test("answers every request while a drain takes all pods of a model", async () => {
    // Traefik is no pod here.
    fleet.configure({ networkPolicy: { from: [{ cidr: "0.0.0.0/0" }] } });
    await fleet.up();
    await eventually(async () => expect((await predict(url, "iris")).status).toBe(200));

    const before = await podsOf(fleet);
    const { failed, statuses, answered, result } = await underLoad(url, "iris", () => drained(before));
    expect({ failed, statuses }).toEqual({ failed: 0, statuses: { 200: answered } });
    expect(before).toHaveLength(2);
    // The second one had to wait for the successor of the first.
    expect(result.refused).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    expect((await podsOf(fleet)).filter((pod) => before.includes(pod))).toEqual([]);
  });

  test("has its policies as the API server keeps them", async () => {
    const list = await fleet.kubectl("get", "networkpolicies", "-n", stack, "-o", "json");
    const { items } = JSON.parse(list) as { items: { metadata: { name: string }; spec: object }[] };
    const egress = [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }],
        ports: [{ port: 443, protocol: "TCP" }],
      },
    ];
    expect(items.map(({ metadata, spec }) => ({ name: metadata.name, ...spec }))).toMatchObject([
      { name: "iris", policyTypes: ["Egress"], egress },
      { name: "modelfleet", policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] },
    ]);
  });

  /** Evicts pods as `kubectl drain` does: one that must stay is asked again. */
  async function drained(pods: readonly string[]): Promise<{ refused: string }> {
    let refused = "";
    for (const pod of pods) {
      const body = JSON.stringify({
        ...{ apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace: stack } },
      });
      const path = `/api/v1/namespaces/${stack}/pods/${pod}/eviction`;
      await eventually(async () => {
        const { exitCode, text } = await fleet.shell(`echo '${body}' | kubectl create --raw ${path} -f -`);
        if (exitCode !== 0) refused += text;
        expect(text).toContain('"status":"Success"');
      });
    }
    await eventually(async () => expect(await podsOf(fleet)).toHaveLength(2));
    return { refused };
  }
});

/** The pods of the fleet that are not about to end. */
async function podsOf(fleet: Workspace): Promise<string[]> {
  const columns = "custom-columns=:metadata.name,:metadata.deletionTimestamp";
  const lines = await fleet.kubectl("get", "pods", "-n", stack, "-o", columns, "--no-headers");
  return lines.split("\n").flatMap((line) => {
    const [name, deleted] = line.trim().split(/\s+/);
    return name && deleted === "<none>" ? [name] : [];
  });
}
