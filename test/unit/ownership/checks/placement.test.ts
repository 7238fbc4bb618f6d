import { expect, test } from "vitest";
import { questionsOf } from "../../../../config/questions";
import { unplaceable } from "../../../../ownership/checks/placement";
import type { NodeObject } from "../../../../ownership/cluster-facts";
import { fleetOf } from "../../../support/settings";

const GPU = { resources: { limits: { "nvidia.com/gpu": 2 } } };

/** A node with this many GPUs, and what a test adds. */
function node(gpus: number, more: { labels?: Record<string, string>; taints?: object[] } = {}): NodeObject {
  const { labels = {}, taints = [] } = more;
  const allocatable = { cpu: "8", memory: "32Gi", ...(gpus > 0 && { "nvidia.com/gpu": String(gpus) }) };
  return { metadata: { name: "a", labels }, spec: { taints }, status: { allocatable } };
}

/** What is found of the model `iris` on these nodes. */
function found(
  settings: Record<string, unknown>,
  nodes: readonly NodeObject[] | undefined,
  nodeAutoscaling = false,
) {
  const { demands } = questionsOf(fleetOf({ catalog: { iris: settings } }));
  return unplaceable({ demands, nodeAutoscaling }, { nodes });
}

const FIX =
  "change what the model asks for, or add such a node; if the cluster adds nodes by itself, set nodeAutoscaling to true";

test("a model that fits no node is an error that says what the nodes lack", () => {
  const taints = [{ key: "team", value: "b", effect: "NoSchedule" }];
  const nodes = [node(0), node(0), node(1), node(8, { taints })];
  expect(found(GPU, nodes)).toEqual([
    {
      level: "error",
      text: `catalog.iris: no node of the cluster can run its pods (2 nodes: no nvidia.com/gpu; 1 node: 1 of nvidia.com/gpu, and a pod needs 2; 1 node: the taint team=b:NoSchedule); ${FIX}`,
    },
  ]);
});

test("it is a warning in a cluster that adds nodes", () => {
  expect(found(GPU, [node(0)], true)).toMatchObject([{ level: "warning" }]);
});

test("the name of a resource that is nearly right is suggested", () => {
  const [finding] = found({ resources: { limits: { "nvidia.com/gpus": 1 } } }, [node(1)]);
  expect(finding?.text).toMatch(/\(1 node: no nvidia\.com\/gpus\); did you mean "nvidia\.com\/gpu"\?$/);
});

test.each<[what: string, settings: Record<string, unknown>, node: NodeObject]>([
  ["has enough", GPU, node(2)],
  [
    "has a taint that is tolerated",
    { ...GPU, tolerations: [{ key: "gpu", operator: "Exists" }] },
    node(2, { taints: [{ key: "gpu", value: "x", effect: "NoSchedule" }] }),
  ],
  [
    "is not ready, which passes",
    GPU,
    node(2, { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoExecute" }] }),
  ],
  ["has a label", { nodeSelector: { zone: "a" } }, node(0, { labels: { zone: "a" } })],
])("a model fits a node that %s", (_what, settings, one) => {
  expect(found(settings, [node(0), one])).toEqual([]);
});

const affinity = (operator: string, values?: string[]) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "memory", operator, ...(values && { values }) }] }],
      },
    },
  },
});

test.each<[operator: string, values: string[] | undefined, fits: boolean]>([
  ["In", ["80", "40"], true],
  ["In", ["40"], false],
  ["NotIn", ["80"], false],
  ["Exists", undefined, true],
  ["DoesNotExist", undefined, false],
  ["Gt", ["40"], true],
  ["Lt", ["40"], false],
])("affinity %s %j to a node with the label memory=80: %s", (operator, values, fits) => {
  const text = `catalog.iris: no node of the cluster can run its pods (1 node: excluded by affinity.nodeAffinity); ${FIX}`;
  expect(found(affinity(operator, values), [node(0, { labels: { memory: "80" } })])).toEqual(
    fits ? [] : [{ level: "error", text }],
  );
});

test("nothing is found where the nodes may not be listed, and nothing is asked for a model without such settings", () => {
  expect(found(GPU, undefined)).toEqual([]);
  expect(questionsOf(fleetOf({ catalog: { iris: { replicas: 3 } } })).demands).toEqual([]);
  expect(questionsOf(fleetOf({ catalog: { iris: { ...GPU, replicas: 0 } } })).demands).toEqual([]);
});
