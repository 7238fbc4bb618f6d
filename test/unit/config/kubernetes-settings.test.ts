import { expect, test } from "vitest";
import { unusedSettings } from "../../../config/kubernetes-settings";

test("settings of Pulumi's Kubernetes provider that have no effect are problems, each with what to do instead", () => {
  const keys = [
    "kubernetes:namespace",
    "kubernetes:contxt",
    "kubernetes:context",
    "kubernetes:kubeconfig",
    "kubernetes:enableServerSideApply",
    "modelfleet:namespace",
  ];
  const rule = "has no effect; only kubernetes:context and kubernetes:kubeconfig have one";
  expect(unusedSettings(keys)).toEqual([
    `kubernetes:contxt: ${rule}; did you mean "kubernetes:context"?`,
    `kubernetes:enableServerSideApply: ${rule}; remove it with \`pulumi config rm kubernetes:enableServerSideApply\``,
    `kubernetes:namespace: ${rule}; remove it with \`pulumi config rm kubernetes:namespace\`, and set modelfleet:namespace`,
  ]);
});
