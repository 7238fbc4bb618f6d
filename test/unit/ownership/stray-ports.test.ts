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

  test("is found if the stack has taken it over and not yet removed it", () => {
    expect(strayPorts({ managedFields: withPortsTaken([ours, kubectl], "dev") })).toEqual(["8080/TCP"]);
  });

  test.each<[string, readonly ManagedFields[]]>([
    ["is the fleet's port, set by another manager", [ours, holds("helm", "Update", { [port(80)]: leaf })]],
    ["belongs to the status", [ours, { ...kubectl, subresource: "status" }]],
    ["is another field of the Service", [ours, { manager: "x", fieldsV1: { "f:metadata": leaf } }]],
    ["has no record in managedFields", []],
  ])("is not a port that %s", (_what, managedFields) => {
    expect(strayPorts({ managedFields })).toEqual([]);
  });

  test("is found if it has the fleet's number and another protocol", () => {
    const managedFields = [holds("kubectl-edit", "Update", { [port(80, "UDP")]: leaf })];
    expect(strayPorts({ managedFields })).toEqual(["80/UDP"]);
  });
});

describe("taking over the ports", () => {
  test("moves them to the stack and leaves the other fields with their manager", () => {
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

  test("removes a manager that owned nothing else", () => {
    const ports = { "f:spec": { "f:ports": { [port(8080)]: leaf } } };
    expect(withPortsTaken([ours, { ...kubectl, fieldsV1: ports }], "dev")).toHaveLength(1);
  });

  test("adds the stack as a manager if it owned nothing yet", () => {
    const [first] = withPortsTaken([kubectl], "dev");
    expect(first).toMatchObject({ manager: fieldManager("dev"), operation: "Apply", apiVersion: "v1" });
  });
});
