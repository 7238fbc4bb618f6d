import { expect, test } from "vitest";
import { problems, withImage } from "../../../support/settings";

const found = (iris: object) => problems(withImage({ catalog: { iris } }));
const SPREAD = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" };
const term = (requirement: object) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [requirement] }],
    },
  },
});
const AT =
  "catalog.iris.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]";

test.each([
  [
    { tolerations: [{ operator: "Equal" }] },
    'catalog.iris.tolerations[0]: {"operator":"Equal"} has no key, which only the operator Exists may lack; give a key',
  ],
  [
    { tolerations: [{ key: "a", operator: "Exists", value: "b" }] },
    'catalog.iris.tolerations[0]: {"key":"a","operator":"Exists","value":"b"} has a value, and the operator Exists takes none; remove one of the two',
  ],
  [
    { tolerations: [{ key: "a", tolerationSeconds: 3 }] },
    'catalog.iris.tolerations[0]: {"key":"a","tolerationSeconds":3} has tolerationSeconds, which only the effect NoExecute has; set the effect, or remove it',
  ],
  [
    { topologySpreadConstraints: [{ ...SPREAD, minDomains: 2 }] },
    /^catalog\.iris\.topologySpreadConstraints\[0\]: .* has minDomains, which only DoNotSchedule has; remove it$/,
  ],
  [
    { topologySpreadConstraints: [SPREAD, SPREAD] },
    /^catalog\.iris\.topologySpreadConstraints: .* has two constraints with the same topologyKey and whenUnsatisfiable; remove one of them$/,
  ],
  [
    { resourceClaims: [{ name: "a" }] },
    'catalog.iris.resourceClaims[0]: {"name":"a"} has not one source; give resourceClaimName or resourceClaimTemplateName',
  ],
  [
    { affinity: term({ key: "a", operator: "In" }) },
    `${AT}: {"key":"a","operator":"In"} has no values, and the operator In needs some; give values`,
  ],
  [
    { affinity: term({ key: "a", operator: "Exists", values: ["b"] }) },
    `${AT}: {"key":"a","operator":"Exists","values":["b"]} has values, and the operator Exists takes none; remove them`,
  ],
  [
    { affinity: term({ key: "a", operator: "Gt", values: ["b"] }) },
    `${AT}: {"key":"a","operator":"Gt","values":["b"]} needs one integer as its values for the operator Gt; give one, in quotes`,
  ],
  [
    { nodeSelector: { "a b": "c" } },
    'catalog.iris.nodeSelector["a b"]: the name "a b" is not a label key (letters, digits, "-", "_" and ".", a DNS prefix before "/")',
  ],
])("%j is an error", (settings, text) => {
  const lines = found(settings);
  expect(lines).toEqual([typeof text === "string" ? text : expect.stringMatching(text)]);
});

test.each([
  [{ tolerations: [{ operator: "Exists" }] }],
  [{ tolerations: [{ key: "a", value: "b", effect: "NoExecute", tolerationSeconds: 3 }] }],
  [{ affinity: term({ key: "a", operator: "Gt", values: ["3"] }) }],
  [{ nodeSelector: { "kubernetes.io/arch": "arm64" } }],
  [{ resourceClaims: [{ name: "a", resourceClaimName: "a" }] }],
])("%j is correct", (settings) => {
  expect(found(settings)).toEqual([]);
});
