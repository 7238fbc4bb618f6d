import { describe, expect, test } from "vitest";
import { fieldManager, type FieldSet, type ManagedFields } from "../../../fleet/owner";
import { fieldsKept, fieldsTaken, foreignFields } from "../../../ownership/taken-fields";

const leaf: FieldSet = {};
const port = (number: number, protocol = "TCP") => `k:{"port":${number},"protocol":"${protocol}"}`;
const LABELS = { "f:metadata": { "f:labels": { "f:x": leaf } } };

function holds(manager: string, operation: string, fieldsV1: FieldSet, subresource?: string): ManagedFields {
  const entry = { manager, operation, apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1 };
  return subresource === undefined ? entry : { ...entry, subresource };
}
const ports = (set: FieldSet) => ({ "f:spec": { "f:ports": set } });

const ours = holds(fieldManager("dev"), "Apply", {
  "f:spec": { "f:type": leaf, "f:ports": { [port(80)]: { ".": leaf, "f:port": leaf } } },
});
const dashboard = holds("dashboard", "Update", {
  ...LABELS,
  "f:spec": { "f:tls": leaf, "f:ports": { ".": leaf, [port(8080)]: { ".": leaf, "f:port": leaf } } },
});

describe("a field of the stack that somebody else set", () => {
  test("is found, with its manager", () => {
    expect(foreignFields("service", [ours, dashboard], "dev")).toEqual([
      { manager: "dashboard", paths: ["spec.ports[8080/TCP]"] },
    ]);
  });

  test("is found if it differs from the stack's own by the protocol only", () => {
    const udp = holds("kubectl-edit", "Update", ports({ [port(80, "UDP")]: leaf }));
    expect(foreignFields("service", [ours, udp], "dev")).toMatchObject([{ paths: ["spec.ports[80/UDP]"] }]);
  });

  test("is found if the stack has lost it: the Ingress has its rules as one field", () => {
    const rules = holds("kubectl-patch", "Update", { "f:spec": { "f:rules": leaf } });
    const own = holds(fieldManager("dev"), "Apply", { "f:spec": { "f:ingressClassName": leaf } });
    expect(foreignFields("ingress", [own, rules], "dev")).toMatchObject([{ paths: ["spec.rules"] }]);
  });

  test.each<[string, "deployment" | "service", FieldSet]>([
    ["a pause", "deployment", { "f:paused": leaf }],
    [
      "a container's port",
      "deployment",
      {
        "f:template": {
          "f:spec": {
            "f:containers": { 'k:{"name":"model"}': { "f:ports": { 'k:{"containerPort":1}': leaf } } },
          },
        },
      },
    ],
    [
      "a spread constraint",
      "deployment",
      { "f:template": { "f:spec": { "f:topologySpreadConstraints": { 'k:{"topologyKey":"zone"}': leaf } } } },
    ],
  ])("may be %s", (_what, kind, spec) => {
    const theirs = holds("dashboard", "Apply", { "f:spec": spec });
    expect(foreignFields(kind, [ours, theirs], "dev")).toHaveLength(1);
  });

  test.each<[string, "deployment" | "service" | "ingress" | "secret", ManagedFields]>([
    [
      "the fleet's port, set by another manager too",
      "service",
      holds("helm", "Update", ports({ [port(80)]: leaf })),
    ],
    ["a field of the status", "service", holds("x", "Update", ports({ [port(8080)]: leaf }), "status")],
    [
      "the replicas that an autoscaler sets",
      "deployment",
      holds("hpa", "Update", { "f:spec": { "f:replicas": leaf } }, "scale"),
    ],
    [
      "the annotation of a restart",
      "deployment",
      holds("kubectl-rollout", "Update", {
        "f:spec": { "f:template": { "f:metadata": { "f:annotations": { "f:restartedAt": leaf } } } },
      }),
    ],
    [
      "a toleration",
      "deployment",
      holds("x", "Apply", { "f:spec": { "f:template": { "f:spec": { "f:tolerations": leaf } } } }),
    ],
    ["the TLS of the Ingress", "ingress", holds("x", "Update", { "f:spec": { "f:tls": leaf } })],
    ["a label", "secret", holds("x", "Update", LABELS)],
  ])("is not %s", (_what, kind, theirs) => {
    expect(foreignFields(kind, [ours, theirs], "dev")).toEqual([]);
  });
});

describe("taking fields over", () => {
  test("moves them to the stack, and leaves the other fields with their manager", () => {
    expect(fieldsTaken("service", [dashboard, ours], "dev")).toEqual([
      {
        ...ours,
        fieldsV1: {
          "f:spec": {
            "f:type": leaf,
            "f:ports": {
              ".": leaf,
              [port(80)]: { ".": leaf, "f:port": leaf },
              [port(8080)]: { ".": leaf, "f:port": leaf },
            },
          },
        },
      },
      { ...dashboard, fieldsV1: { ...LABELS, "f:spec": { "f:tls": leaf } } },
    ]);
  });

  test("is done once", () => {
    const taken = fieldsTaken("service", [ours, dashboard], "dev") ?? [];
    expect(foreignFields("service", taken, "dev")).toEqual([]);
    expect(fieldsTaken("service", taken, "dev")).toBeUndefined();
  });

  test("removes a manager that owned nothing else", () => {
    const theirs = holds("dashboard", "Update", ports({ [port(8080)]: leaf }));
    expect(fieldsTaken("service", [ours, theirs], "dev")).toHaveLength(1);
  });

  test("adds the stack as a manager if it owned nothing yet", () => {
    const [first] =
      fieldsTaken("deployment", [holds("x", "Update", { "f:spec": { "f:paused": leaf } })], "dev") ?? [];
    expect(first).toMatchObject({ manager: fieldManager("dev"), operation: "Apply", apiVersion: "apps/v1" });
  });

  test("renames kubectl, whose other fields the provider would remove without a word", () => {
    const rollout = holds("kubectl-rollout", "Update", LABELS);
    const former = holds("kept-kubectl-rollout", "Update", { "f:metadata": { "f:annotations": leaf } });
    const expected = {
      ...rollout,
      manager: "kept-kubectl-rollout",
      fieldsV1: { "f:metadata": { "f:labels": { "f:x": leaf }, "f:annotations": leaf } },
    };
    expect(fieldsTaken("deployment", [ours, former, rollout], "dev")).toEqual([ours, expected]);
    expect(fieldsKept([former, rollout])).toEqual([expected]);
    expect(fieldsKept([expected, dashboard])).toBeUndefined();
  });

  test("gives away what an autoscaler decides, without a moment in which nobody has it", () => {
    const spec = (fields: FieldSet) => ({ "f:spec": fields });
    const own = holds(fieldManager("dev"), "Apply", spec({ "f:replicas": leaf, "f:template": leaf }));
    const given = fieldsTaken("deployment", [own], "dev", ["spec.replicas"]);
    expect(given).toEqual([
      { ...own, fieldsV1: spec({ "f:template": leaf }) },
      holds("kept-for-autoscaler", "Update", spec({ "f:replicas": leaf })),
    ]);
    expect(fieldsTaken("deployment", given ?? [], "dev", ["spec.replicas"])).toBeUndefined();
  });

  test("changes nothing if nobody else set a field of the stack", () => {
    const status = holds("kubectl", "Update", { "f:status": leaf }, "status");
    expect(fieldsTaken("service", [ours, status], "dev")).toBeUndefined();
  });
});
