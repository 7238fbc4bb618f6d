import { describe, expect, test } from "vitest";
import { coreSchema, problemsOfFields, type Schemas } from "../../../kubernetes/openapi";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
/** In the form in which the API server has them. */
const SCHEMAS: Schemas = {
  "io.k8s.api.core.v1.PodSpec": {
    type: "object",
    properties: {
      containers: { type: "array", items: { allOf: [ref("io.k8s.api.core.v1.Container")] } },
      nodeSelector: { type: "object", additionalProperties: { type: "string" } },
      hostNetwork: { type: "boolean" },
      priority: { type: "integer" },
    },
  },
  "io.k8s.api.core.v1.Container": {
    type: "object",
    properties: {
      name: { type: "string" },
      livenessProbe: { allOf: [ref("io.k8s.api.core.v1.Probe")] },
      limits: { type: "object", additionalProperties: ref("quantity") },
    },
  },
  "io.k8s.api.core.v1.Probe": { type: "object", properties: { port: ref("intOrString") } },
  quantity: { oneOf: [{ type: "string" }, { type: "number" }] },
  intOrString: { oneOf: [{ type: "integer" }, { type: "string" }] },
};

const of = (value: unknown) =>
  problemsOfFields(value, coreSchema(SCHEMAS, "PodSpec") ?? {}, SCHEMAS, "catalog.iris.podSpec");

test("fields that the schema has are no problem, nor are nulls and entries that go", () => {
  const container = { name: "model", livenessProbe: { port: "http" }, limits: { memory: 1, cpu: "1" } };
  expect(of({ containers: [container], nodeSelector: { any: "a" }, priority: 1 })).toEqual([]);
  expect(of({ hostNetwork: null, containers: [{ name: "a", $patch: "delete" }] })).toEqual([]);
});

describe("is a problem:", () => {
  test.each<[value: unknown, line: string]>([
    [{ contaners: [] }, 'catalog.iris.podSpec.contaners: unknown field; did you mean "containers"?'],
    [
      { containers: [{ name: "a", livenesProbe: {} }] },
      'catalog.iris.podSpec.containers[0].livenesProbe: unknown field; did you mean "livenessProbe"?',
    ],
    [
      { containers: [{ livenessProbe: { xyz: 1 } }] },
      "catalog.iris.podSpec.containers[0].livenessProbe.xyz: unknown field; known here: port",
    ],
    [{ containers: { name: "a" } }, "catalog.iris.podSpec.containers: must be a list"],
    [{ priority: 1.5 }, "catalog.iris.podSpec.priority: must be an integer"],
    [
      { nodeSelector: { gpu: true } },
      "catalog.iris.podSpec.nodeSelector.gpu: must be a string; put it in quotes",
    ],
    [
      { containers: [{ livenessProbe: { port: [] } }] },
      "catalog.iris.podSpec.containers[0].livenessProbe.port: must be an integer or a string",
    ],
  ])("%j", (value, line) => {
    expect(of(value)).toEqual([line]);
  });
});
