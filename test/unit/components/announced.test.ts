import { setTimeout as sleep } from "node:timers/promises";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { announced, guard } from "../../../components/announced";

const service = { object: "service/iris", by: 'model "iris"' } as const;

test("announced objects are sent only after all are registered, and an object that was not announced is refused", async () => {
  const sent: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      sent.push(name);
      return { id: name, state: inputs };
    },
    call: () => ({}),
  });
  const { opts, open } = guard([service], "models");
  const create = (name: string) => new Service(name, { metadata: { name, namespace: "models" } }, opts);
  create("iris");
  // A program ends with this error; what it registered before is never sent.
  expect(() => create("wine")).toThrow("service/wine in namespace models was not announced");
  await sleep(100);
  expect(sent).toEqual([]);
  open();
  await pulumi.runtime.disconnect();
  expect(sent).toEqual(["iris"]);
});

describe("the transformation of a stack", () => {
  const check = (type: string, metadata: object) => {
    const [transformation] = guard([service], "models").opts.transformations ?? [];
    const args = { type, name: "x", props: { metadata }, opts: {}, resource: {} as pulumi.Resource };
    return () => transformation?.(args);
  };

  test.each<[string, string, object, string]>([
    [
      "an object of a kind that nobody can announce",
      "kubernetes:core/v1:ConfigMap",
      { name: "x", namespace: "models" },
      "kubernetes:core/v1:ConfigMap/x in namespace models was not announced",
    ],
    [
      "an announced name in another namespace, which the ownership check has not looked at",
      "kubernetes:core/v1:Service",
      { name: "iris", namespace: "kube-system" },
      "service/iris in namespace kube-system was not announced",
    ],
  ])("refuses %s", (_what, type, metadata, message) => {
    expect(check(type, metadata)).toThrow(message);
  });

  test.each([
    "modelfleet:serving:ModelService",
    "kubernetes:core/v1:Namespace",
    "pulumi:providers:kubernetes",
  ])("lets pass what is no object of the namespace: %s", (type) => {
    expect(check(type, {})).not.toThrow();
  });
});

test.each([
  ["is deleted before it is replaced, since both have one name", {}, true],
  ["is replaced in place if Pulumi never deletes it", { retainOnDelete: true }, false],
])("an object %s", (_what, opts, expected) => {
  const [transformation] = guard([service], "models").opts.transformations ?? [];
  const props = { metadata: { name: "iris", namespace: "models" } };
  const resource = {} as pulumi.Resource;
  const result = transformation?.({ type: "kubernetes:core/v1:Service", name: "x", props, opts, resource });
  expect(result?.opts).toMatchObject({ deleteBeforeReplace: expected });
});

test("two announcements of one object are an error that names both makers", () => {
  const twice = [service, { object: "service/iris", by: 'model "iris-next"' } as const];
  expect(() => announced(twice)).toThrow(
    'two objects would have one name; nothing was changed:\n  model "iris" and model "iris-next" both need service/iris; rename one of the two',
  );
});
