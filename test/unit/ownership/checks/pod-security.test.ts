import { expect, test } from "vitest";
import { ownerLabels } from "../../../../fleet/owner";
import { refusedPods } from "../../../../ownership/checks/pod-security";
import type { Plan, PlannedModel } from "../../../../ownership/finding";
import type { Snapshot } from "../../../../ownership/snapshot";

const MODELS: PlannedModel[] = [
  { id: "iris", path: "/iris", podSecurity: "restricted" },
  { id: "llm", path: "/llm", podSecurity: "baseline" },
  {
    ...{ id: "wine", path: "/wine", variant: "a", podSecurity: "restricted" },
    challengers: [{ variant: "b", podSecurity: "baseline" }],
  },
];
const texts = (metadata: object) =>
  refusedPods(
    { namespace: "models", stack: "dev", models: MODELS } as unknown as Plan,
    { namespace: { metadata } } as unknown as Snapshot,
  ).map(({ text }) => text);

const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" };

test("pods that a namespace of others does not admit are an error per setting", () => {
  const rest =
    'podSecurity: namespace "models", which this stack has not made, admits only pods of the standard restricted; remove the setting, or have its label pod-security.kubernetes.io/enforce set to baseline';
  expect(texts({ labels: RESTRICTED })).toEqual([`catalog.llm.${rest}`, `catalog.wine.variants.b.${rest}`]);
});

test("the fleet's own namespace follows the settings, and one without the label admits all pods", () => {
  const own = { ...ownerLabels("dev"), ...RESTRICTED };
  expect(texts({ labels: own, annotations: { "modelfleet.dev/stack": "dev" } })).toEqual([]);
  expect(texts({ labels: { "pod-security.kubernetes.io/enforce": "baseline" } })).toEqual([]);
  expect(texts({})).toEqual([]);
});
