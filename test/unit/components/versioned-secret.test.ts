import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { createVersionedSecret, versionedSecretObjects } from "../../../components/versioned-secret";
import { manifests, registered } from "../../../dev/registered";

type Values = Record<string, pulumi.Input<string>>;

async function secrets(values: Values, type: "Opaque" | "kubernetes.io/dockerconfigjson" = "Opaque") {
  const resources = await registered(() => {
    const args = { namespace: "models", stack: "dev", objectName: "iris-env", app: "iris", type, values };
    createVersionedSecret("iris", args);
  });
  return manifests(resources);
}

/** The name of the version with these values. */
async function versionOf(values: Values): Promise<string> {
  const [, version] = await secrets(values);
  return version?.metadata.name ?? "";
}

describe("a Secret with values", () => {
  test("has an empty owner and an immutable version, which Kubernetes deletes with its owner", async () => {
    const [owner, version] = await secrets({ B: pulumi.secret("2"), A: "1" });
    expect(owner).toMatchObject({ metadata: { name: "iris-env" } });
    expect(owner).not.toHaveProperty("data");
    // An adopted one keeps the type that it has.
    expect(owner).not.toHaveProperty("type");
    expect(version).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^iris-env-[0-9a-f]{10}$/),
        annotations: { "modelfleet.dev/version-of": "iris-env" },
        ownerReferences: [{ apiVersion: "v1", kind: "Secret", name: "iris-env", uid: "uid-of-iris" }],
      },
      immutable: true,
      type: "Opaque",
      data: { A: "MQ==", B: "Mg==" },
    });
  });

  test("has the same version for every order of its values", async () => {
    expect(await versionOf({ B: "2", A: "1" })).toBe(await versionOf({ A: "1", B: pulumi.secret("2") }));
  });

  test.each<[string, Values]>([
    ["a value", { A: "1", B: "3" }],
    ["a name", { A: "1", C: "2" }],
    ["the number of values", { A: "1" }],
    ["the border between two values", { A: "12", B: "" }],
  ])("has another version after a change of %s", async (_what, changed) => {
    expect(await versionOf(changed)).not.toBe(await versionOf({ A: "1", B: "2" }));
  });

  test("has a version that nobody can compute without the owner's UID", async () => {
    const { createHash } = await import("node:crypto");
    const plain = createHash("sha256")
      .update(JSON.stringify(["Opaque", ["A"], ["1"]]))
      .digest("hex");
    expect(await versionOf({ A: "1" })).not.toContain(plain.slice(0, 10));
  });
});

test("a Secret without values has only an owner", async () => {
  expect((await secrets({})).map(({ metadata }) => metadata.name)).toEqual(["iris-env"]);
});

test("a version is announced only if there are values", () => {
  expect(versionedSecretObjects("iris-env", false, "x")).toEqual([{ object: "secret/iris-env", by: "x" }]);
  expect(versionedSecretObjects("iris-env", true, "x")).toEqual([
    { object: "secret/iris-env", by: "x" },
    { object: "secret/iris-env-*", by: "x" },
  ]);
});
