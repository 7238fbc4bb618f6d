import { describe, expect, test } from "vitest";
import { ownerLabels } from "../../../../fleet/owner";
import { refusedFields } from "../../../../ownership/checks/refused-fields";
import type { Plan } from "../../../../ownership/finding";
import type { Snapshot } from "../../../../ownership/snapshot";

function texts(value: unknown, namespace: unknown, podSecurity = "restricted"): string[] {
  const rawParts = [{ path: "catalog.iris.podSpec", type: "PodSpec", value }];
  const models = [{ id: "iris", path: "/iris", podSecurity }];
  const plan = { namespace: "models", stack: "dev", models, rawParts } as unknown as Plan;
  return refusedFields(plan, { namespace } as Snapshot).map(({ text }) => text);
}

const labelled = (level: string) => ({
  metadata: { labels: { "pod-security.kubernetes.io/enforce": level } },
});
const server = (securityContext: object) => ({ containers: [{ name: "model", securityContext }] });

describe("a namespace that admits restricted pods only refuses", () => {
  test.each<[value: object, path: string]>([
    [{ hostNetwork: true }, "hostNetwork"],
    [{ volumes: [{ name: "a", hostPath: { path: "/" } }] }, "volumes[0].hostPath"],
    [{ containers: [{ ports: [{ hostPort: 80 }] }] }, "containers[0].ports[0].hostPort"],
    [server({ privileged: true }), "containers[0].securityContext.privileged"],
    [server({ capabilities: { add: ["SYS_ADMIN"] } }), "containers[0].securityContext.capabilities"],
    [server({ seccompProfile: { type: "Unconfined" } }), "containers[0].securityContext.seccompProfile"],
  ])("%j", (value, path) => {
    expect(texts(value, labelled("restricted"))).toEqual([
      `catalog.iris.podSpec.${path}: is refused in namespace "models", which admits only pods of the standard restricted; remove it`,
    ]);
  });

  test("what baseline allows", () => {
    const relaxed = { runAsUser: 0, allowPrivilegeEscalation: true, capabilities: { add: ["CHOWN"] } };
    const found = texts(server(relaxed), labelled("restricted"));
    expect(found).toHaveLength(3);
    for (const text of found) expect(text).toMatch(/; remove it, or set podSecurity to baseline$/);
    expect(texts(server(relaxed), labelled("baseline"))).toEqual([]);
  });
});

test("the fleet's own namespace admits what its models ask for, and one without the label everything", () => {
  const root = { securityContext: { runAsNonRoot: false } };
  const own = { metadata: { labels: ownerLabels("dev"), annotations: { "modelfleet.dev/stack": "dev" } } };
  expect(texts(root, "missing")).toHaveLength(1);
  expect(texts(root, own)).toHaveLength(1);
  expect(texts(root, own, "baseline")).toEqual([]);
  expect(texts({ hostNetwork: true }, own, "baseline")).toHaveLength(1);
  expect(texts({ hostNetwork: true }, {})).toEqual([]);
  expect(texts({ hostNetwork: true }, "unreadable")).toEqual([]);
});
