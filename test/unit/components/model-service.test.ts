import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ModelService, type ModelServiceArgs } from "../../../components/model-service";
import { only, registered } from "../../support/mocks";

const args: ModelServiceArgs = {
  namespace: "models",
  stack: "dev",
  image: "registry.example/iris:1",
  env: {},
  secretEnv: {},
  port: 9000,
  replicas: 2,
  resources: {},
  readinessPath: "/ready",
  startupSeconds: 30,
  labels: {},
  annotations: {},
};

const build = (overrides: Partial<ModelServiceArgs> = {}) =>
  registered(() => new ModelService("iris", { ...args, ...overrides }));

/** Unwraps what Pulumi marks as a secret on the wire. */
function revealed(value: unknown): unknown {
  return value !== null && typeof value === "object" && "value" in value ? value.value : value;
}

async function checksum(secretEnv: Record<string, pulumi.Input<string>>): Promise<unknown> {
  const spec = revealed(only(await build({ secretEnv }), "kubernetes:apps/v1:Deployment").inputs.spec) as {
    template: { metadata: { annotations: Record<string, unknown> } };
  };
  return revealed(spec.template.metadata.annotations["modelfleet.dev/secret-checksum"]);
}

describe("a model service", () => {
  test("is always a Secret, a Deployment and a Service, named after the model", async () => {
    const resources = await build();
    expect(
      resources.map(({ type, inputs }) => [type, (inputs.metadata as { name?: string } | undefined)?.name]),
    ).toEqual([
      ["kubernetes:apps/v1:Deployment", "iris"],
      ["kubernetes:core/v1:Secret", "iris-env"],
      ["kubernetes:core/v1:Service", "iris"],
      ["modelfleet:serving:ModelService", undefined],
    ]);
  });

  test("is awaited by its Deployment alone", async () => {
    const resources = await build();
    const skipped = resources
      .filter(({ inputs }) => inputs.metadata !== undefined)
      .map(({ type, inputs }) => [type, (inputs.metadata as { annotations: object }).annotations]);
    expect(skipped).toEqual([
      ["kubernetes:apps/v1:Deployment", expect.not.objectContaining({ "pulumi.com/skipAwait": "true" })],
      ["kubernetes:core/v1:Secret", expect.objectContaining({ "pulumi.com/skipAwait": "true" })],
      ["kubernetes:core/v1:Service", expect.objectContaining({ "pulumi.com/skipAwait": "true" })],
    ]);
  });

  test("tells its container the model's name and port, unless the settings say otherwise", async () => {
    const spec = only(await build({ env: { PORT: "1" } }), "kubernetes:apps/v1:Deployment").inputs.spec;
    expect(spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              env: [
                { name: "MODEL_NAME", value: "iris" },
                { name: "PORT", value: "1" },
              ],
              envFrom: [{ secretRef: { name: "iris-env" } }],
            },
          ],
        },
      },
    });
  });
});

describe("the checksum of the secret environment", () => {
  test("changes with a value and not with the order", async () => {
    const before = await checksum({ A: pulumi.secret("1"), B: pulumi.secret("2") });
    expect(await checksum({ B: pulumi.secret("2"), A: pulumi.secret("1") })).toBe(before);
    expect(await checksum({ A: pulumi.secret("1"), B: pulumi.secret("3") })).not.toBe(before);
  });

  test("cannot be had from the values alone", async () => {
    const { createHash } = await import("node:crypto");
    const plain = createHash("sha256")
      .update(JSON.stringify([["A"], ["1"]]))
      .digest("hex");
    expect(await checksum({ A: pulumi.secret("1") })).not.toBe(plain);
  });

  test("of nothing is none", async () => {
    expect(await checksum({})).toBe("none");
  });
});
