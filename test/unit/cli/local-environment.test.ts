import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { leaveEnvironment, localEnvironment } from "../../../cli/local-environment";

const LEFT = { stack: "dev", bin: "/cache/bin", variables: { KUBECONFIG: "/local/kubeconfig" } };
const FOUND = { stack: "dev", variables: { KUBECONFIG: "/local/kubeconfig", PATH: "/cache/bin:/bin" } };

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-local-"));
  mkdirSync(join(folder, ".modelfleet"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("the fleet of npm start is found while it runs", () => {
  const folder = project();
  expect(localEnvironment(folder, undefined, { PATH: "/bin" })).toBeUndefined();
  leaveEnvironment(folder, LEFT);
  expect(localEnvironment(folder, undefined, { PATH: "/bin" })).toEqual(FOUND);
  expect(localEnvironment(folder, "dev", { PATH: "/bin" })).toEqual(FOUND);
  leaveEnvironment(folder, undefined);
  expect(localEnvironment(folder, undefined, { PATH: "/bin" })).toBeUndefined();
});

test.each<[string, string | undefined, NodeJS.ProcessEnv]>([
  ["another stack", "prod", {}],
  ["a backend", undefined, { PULUMI_BACKEND_URL: "s3://bucket" }],
  ["a kubeconfig", undefined, { KUBECONFIG: "/my/kubeconfig" }],
  ["a stack in the environment", undefined, { PULUMI_STACK: "prod" }],
])("it is not used where somebody names %s", (_what, stack, shell) => {
  const folder = project();
  leaveEnvironment(folder, LEFT);
  expect(localEnvironment(folder, stack, { PATH: "/bin", ...shell })).toBeUndefined();
});
