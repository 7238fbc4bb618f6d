import { describe, expect, test } from "vitest";
import type { OpenStack } from "../../../cli/stack";
import { targeted, targetsOf, whyWholeAfter } from "../../../cli/targeted";
import { readTargeted, TARGETED_BY } from "../../../config/targeted";

const URN = "urn:pulumi:dev::modelfleet::";

/** Whether Pulumi takes a URN for one of the targets, by the rules of its engine. */
function isTarget(urn: string, ...ids: string[]): boolean {
  return targetsOf("modelfleet", "dev", ids).some((target) => {
    const [parts, part] = [/\*\*/g, /\*/g];
    const text = target
      .replace(/[.$/]/g, "\\$&")
      .replace(parts, "\0")
      .replace(part, "[^:]*")
      .replaceAll("\0", ".*");
    return new RegExp(`^${text}$`).test(`${URN}${urn}`);
  });
}

describe("the targets of an update of iris", () => {
  test.each([
    "modelfleet:serving:ModelService::iris",
    "modelfleet:serving:ModelService$kubernetes:apps/v1:Deployment::iris",
    "modelfleet:serving:ModelService$kubernetes:core/v1:Secret::iris.version",
    "modelfleet:serving:ModelService$kubernetes:core/v1:Secret::iris/candidate.version",
    "modelfleet:serving:ModelService$kubernetes:apps/v1:Deployment::iris/candidate",
    "modelfleet:serving:ModelService$kubernetes:gateway.networking.k8s.io/v1:HTTPRoute::iris.host",
    "modelfleet:serving:ModelIngress::models",
    "modelfleet:serving:ModelIngress$kubernetes:networking.k8s.io/v1:Ingress::models",
    "modelfleet:serving:ModelIngress$kubernetes:traefik.io/v1alpha1:Middleware::models",
    "modelfleet:serving:DefaultBackend$kubernetes:apps/v1:Deployment::default-backend",
    "kubernetes:monitoring.coreos.com/v1:PodMonitor::modelfleet",
  ])("have %s", (urn) => {
    expect(isTarget(urn, "iris")).toBe(true);
  });

  test.each([
    "pulumi:pulumi:Stack::modelfleet-dev",
    "pulumi:providers:kubernetes::cluster",
    "kubernetes:core/v1:Namespace::models",
    "kubernetes:core/v1:Secret::modelfleet-registry",
    "modelfleet:serving:ModelGateway$kubernetes:gateway.networking.k8s.io/v1:Gateway::models",
    "modelfleet:serving:ModelService::iris-next",
    "modelfleet:serving:ModelService$kubernetes:apps/v1:Deployment::iris-next",
    "modelfleet:serving:ModelService$kubernetes:apps/v1:Deployment::wine/iris",
    "modelfleet:serving:ModelService$kubernetes:core/v1:Secret::wine.version",
  ])("leave out %s, on which other models depend or which is theirs", (urn) => {
    expect(isTarget(urn, "iris")).toBe(false);
  });

  test("are those of each model, of several", () => {
    expect(
      ["iris", "wine"].map((id) => isTarget(`modelfleet:serving:ModelService::${id}`, "iris", "wine")),
    ).toEqual([true, true]);
  });
});

const UPDATE = { kind: "update", result: "succeeded", message: "", environment: {} } as const;

describe("the last operation", () => {
  test("was an update of the whole fleet: its record can be trusted", () => {
    expect(whyWholeAfter({ ...UPDATE, environment: { "pulumi.flag.refresh": "true" } })).toBeUndefined();
  });

  test.each<[string, Partial<Parameters<typeof whyWholeAfter>[0]> | undefined, string]>([
    ["there was none", undefined, "there was no update before"],
    ["was a refresh, which applies nothing", { kind: "refresh" }, "the last operation was a refresh"],
    ["was an update that failed or was interrupted", { result: "failed" }, "the last update failed"],
    [
      "was an update of what the user chose",
      { environment: { "pulumi.flag.target": "set" } },
      "the last update was one with --target",
    ],
    [
      "was an update without what the user chose",
      { environment: { "pulumi.flag.exclude": "set" } },
      "the last update was one with --exclude",
    ],
  ])("%s", (_what, last, expected) => {
    expect(whyWholeAfter(last && { ...UPDATE, ...last })).toBe(expected);
  });
});

describe("a run for some models only", () => {
  const envVars: Record<string, string> = {};
  const projectSettings = () => Promise.resolve({ name: "modelfleet" });
  const stack = { history: () => Promise.resolve([UPDATE]) };
  const opened = { stack, workspace: { envVars, projectSettings }, shortName: "dev" } as unknown as OpenStack;
  /** What the program does meanwhile. */
  const program = () => readTargeted(envVars[TARGETED_BY]);

  test("gives the program the models, and returns what it says in the end", async () => {
    const outcome = await targeted(opened, ["iris"], async (targets) => {
      program()?.finish({ namespace: "models" });
      return Promise.resolve([targets.length, [...(program()?.models ?? [])]]);
    });
    expect(outcome).toEqual({ value: [9, ["iris"]], outputs: { namespace: "models" } });
  });

  test("returns why the program has refused", async () => {
    const outcome = await targeted(opened, ["iris"], () =>
      Promise.reject(program()?.refuse({ why: "it rains", changed: ["wine"] }) as Error),
    );
    expect(outcome).toEqual({ refused: "it rains", changed: ["wine"] });
  });

  test("throws any other error, and leaves no request behind", async () => {
    await expect(targeted(opened, ["iris"], () => Promise.reject(new Error("broken")))).rejects.toThrow(
      "broken",
    );
    expect(program()).toBeUndefined();
  });
});
