import { describe, expect, test } from "vitest";
import { fieldManager } from "../../../components/names";
import { findStrayPorts, withPortsTaken } from "../../../ownership/stray-ports";
import type { FieldSet, ManagedFields } from "../../../ownership/wanted";

const port = (number: number, protocol = "TCP") => `k:{"port":${number},"protocol":"${protocol}"}`;
const leaf: FieldSet = {};

function holds(manager: string, operation: string, ports: FieldSet): ManagedFields {
  return {
    manager,
    operation,
    apiVersion: "v1",
    fieldsType: "FieldsV1",
    fieldsV1: {
      "f:metadata": { "f:labels": { "f:x": leaf } },
      "f:spec": { "f:type": leaf, "f:ports": ports },
    },
  };
}

const ours = holds(fieldManager("dev"), "Apply", { [port(80)]: { ".": leaf, "f:name": leaf } });
const kubectl = holds("kubectl-edit", "Update", {
  ".": leaf,
  [port(8080)]: { ".": leaf, "f:targetPort": leaf },
});

describe("a port that the stack did not set", () => {
  test("is found, with who set it", () => {
    expect(findStrayPorts({ name: "iris", managedFields: [ours, kubectl] }, "dev")).toEqual({
      service: "iris",
      ports: ["8080/TCP"],
      managers: ["kubectl-edit"],
    });
  });

  test.each<[string, readonly ManagedFields[]]>([
    ["is the stack's own to remove", [holds(fieldManager("dev"), "Apply", { [port(8080)]: leaf })]],
    ["is the fleet's port, by another hand", [ours, holds("helm", "Update", { [port(80)]: leaf })]],
    ["is of the status", [ours, { ...kubectl, subresource: "status" }]],
    ["is none: another field of the Service", [ours, { manager: "x", fieldsV1: { "f:metadata": leaf } }]],
    ["is unknown: nothing is recorded", []],
  ])("is not one that %s", (_what, managedFields) => {
    expect(findStrayPorts({ name: "iris", managedFields }, "dev")).toBeUndefined();
  });

  test("is one of the same number with another protocol", () => {
    const managedFields = [holds("kubectl-edit", "Update", { [port(80, "UDP")]: leaf })];
    expect(findStrayPorts({ name: "iris", managedFields }, "dev")?.ports).toEqual(["80/UDP"]);
  });
});

describe("taking hold of the ports", () => {
  test("moves them to the stack and leaves the rest with whom it was", () => {
    const [first, second, ...rest] = withPortsTaken([kubectl, ours], "dev");
    expect(rest).toEqual([]);
    expect(first).toEqual({
      ...ours,
      fieldsV1: {
        "f:metadata": { "f:labels": { "f:x": leaf } },
        "f:spec": {
          "f:type": leaf,
          "f:ports": {
            ".": leaf,
            [port(80)]: { ".": leaf, "f:name": leaf },
            [port(8080)]: { ".": leaf, "f:targetPort": leaf },
          },
        },
      },
    });
    expect(second).toEqual({
      ...kubectl,
      fieldsV1: { "f:metadata": { "f:labels": { "f:x": leaf } }, "f:spec": { "f:type": leaf } },
    });
  });

  test("makes the stack's first entry where it takes a Service over", () => {
    const [first] = withPortsTaken([kubectl], "dev");
    expect(first).toMatchObject({ manager: fieldManager("dev"), operation: "Apply", apiVersion: "v1" });
    expect(findStrayPorts({ managedFields: withPortsTaken([kubectl], "dev") }, "dev")).toBeUndefined();
  });
});
