import { describe, expect, test } from "vitest";
import { fieldManager, type FieldSet, type ManagedFields } from "../../../fleet/owner";
import { strayPorts, withPortsTaken } from "../../../ownership/stray-ports";

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
  test("is found", () => {
    expect(strayPorts({ managedFields: [ours, kubectl] })).toEqual(["8080/TCP"]);
  });

  test("is found where the stack has taken it and not yet removed it", () => {
    expect(strayPorts({ managedFields: withPortsTaken([ours, kubectl], "dev") })).toEqual(["8080/TCP"]);
  });

  test.each<[string, readonly ManagedFields[]]>([
    ["is the fleet's port, by another hand", [ours, holds("helm", "Update", { [port(80)]: leaf })]],
    ["is of the status", [ours, { ...kubectl, subresource: "status" }]],
    ["is none: another field of the Service", [ours, { manager: "x", fieldsV1: { "f:metadata": leaf } }]],
    ["is unknown: nothing is recorded", []],
  ])("is not one that %s", (_what, managedFields) => {
    expect(strayPorts({ managedFields })).toEqual([]);
  });

  test("is one of the same number with another protocol", () => {
    const managedFields = [holds("kubectl-edit", "Update", { [port(80, "UDP")]: leaf })];
    expect(strayPorts({ managedFields })).toEqual(["80/UDP"]);
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

  test("leaves nothing of who held nothing else", () => {
    const ports = { "f:spec": { "f:ports": { [port(8080)]: leaf } } };
    expect(withPortsTaken([ours, { ...kubectl, fieldsV1: ports }], "dev")).toHaveLength(1);
  });

  test("makes the stack's first entry where it takes a Service over", () => {
    const [first] = withPortsTaken([kubectl], "dev");
    expect(first).toMatchObject({ manager: fieldManager("dev"), operation: "Apply", apiVersion: "v1" });
  });
});
