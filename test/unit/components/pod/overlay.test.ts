import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { deploymentSpec } from "../../../../components/pod/deployment";
import { overlay } from "../../../../components/pod/overlay";
import { modelOf } from "../../../support/settings";

describe("a patch", () => {
  test.each<[what: string, base: object, patch: object, result: object]>([
    ["merges maps", { a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    [
      "removes what is null",
      { a: { b: 1, c: 2 } },
      { a: { c: null }, d: { e: null } },
      { a: { b: 1 }, d: {} },
    ],
    ["replaces plain lists", { args: ["a", "b"] }, { args: ["c"] }, { args: ["c"] }],
    [
      "replaces lists without a key",
      { tolerations: [{ key: "a" }] },
      { tolerations: [] },
      { tolerations: [] },
    ],
    [
      "merges containers by name, their variables by name and their mounts by path",
      {
        containers: [
          { name: "model", env: [{ name: "A", value: "1" }], volumeMounts: [{ mountPath: "/a", name: "a" }] },
        ],
      },
      {
        containers: [
          {
            name: "model",
            env: [
              { name: "A", value: "2" },
              { name: "B", value: "3" },
            ],
            volumeMounts: [{ mountPath: "/a", readOnly: true }],
          },
          { name: "other", image: "a/b:1" },
        ],
      },
      {
        containers: [
          {
            name: "model",
            env: [
              { name: "A", value: "2" },
              { name: "B", value: "3" },
            ],
            volumeMounts: [{ mountPath: "/a", name: "a", readOnly: true }],
          },
          { name: "other", image: "a/b:1" },
        ],
      },
    ],
    [
      "gives a volume another source",
      { volumes: [{ name: "tmp", emptyDir: {} }] },
      { volumes: [{ name: "tmp", persistentVolumeClaim: { claimName: "a" } }] },
      { volumes: [{ name: "tmp", persistentVolumeClaim: { claimName: "a" } }] },
    ],
    [
      "removes an entry",
      { volumes: [{ name: "tmp", emptyDir: {} }, { name: "a" }] },
      {
        volumes: [
          { name: "tmp", $patch: "delete" },
          { name: "gone", $patch: "delete" },
        ],
      },
      { volumes: [{ name: "a" }] },
    ],
  ])("%s", (_what, base, patch, result) => {
    expect(overlay(base, patch)).toEqual(result);
  });

  test("leaves values that Pulumi has yet to get", () => {
    const base = { imagePullSecrets: [{ name: pulumi.output("a") }], serviceAccountName: pulumi.output("b") };
    const patch = { imagePullSecrets: [{ name: "c" }], hostname: "d" };
    expect(overlay(base, patch)).toEqual({
      imagePullSecrets: [...base.imagePullSecrets, { name: "c" }],
      serviceAccountName: base.serviceAccountName,
      hostname: "d",
    });
  });
});

const podOf = (settings: Record<string, unknown>) =>
  (
    deploymentSpec(modelOf(settings), { name: "iris", stack: "dev" }) as unknown as {
      template: { spec: Record<string, unknown> };
    }
  ).template.spec;

test("podSpec is laid over everything else, and a null in it removes a field", () => {
  const podSpec = {
    topologySpreadConstraints: null,
    containers: [{ name: "model", workingDir: "/srv", lifecycle: null }],
  };
  const pod = podOf({ podSpec });
  const { containers, topologySpreadConstraints, ...rest } = podOf({});
  const [server] = containers as Record<string, unknown>[];
  const { lifecycle, ...others } = server ?? {};
  expect({ lifecycle, topologySpreadConstraints }).not.toContain(undefined);
  expect(pod).toEqual({ ...rest, containers: [{ ...others, workingDir: "/srv" }] });
});
