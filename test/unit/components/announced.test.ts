import { setTimeout as sleep } from "node:timers/promises";
import type { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
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
  const { transformation, open } = guard([service]);
  const create = (name: string) =>
    new Service(name, { metadata: { name } }, { transformations: [transformation] });
  create("iris");
  // This error ends a program before anything is sent.
  expect(() => create("wine")).toThrow("service/wine was not announced");
  await sleep(100);
  expect(sent).toEqual([]);
  open();
  await pulumi.runtime.disconnect();
  expect(sent).toEqual(["iris"]);
});

test("an object of a kind that nobody can announce is an error", () => {
  const { transformation } = guard([service]);
  const props = { metadata: { name: "x" } };
  const registration = { type: "kubernetes:core/v1:ConfigMap", name: "x", props, opts: {} };
  expect(() => transformation({ ...registration, resource: {} as ConfigMap })).toThrow(
    "kubernetes:core/v1:ConfigMap/x was not announced",
  );
});

test("a component, the Namespace and the provider need no announcement", () => {
  const { transformation } = guard([]);
  for (const type of [
    "modelfleet:serving:ModelService",
    "kubernetes:core/v1:Namespace",
    "pulumi:providers:kubernetes",
  ]) {
    const args = { type, name: "x", props: {}, opts: {}, resource: {} as pulumi.Resource };
    expect(() => transformation(args)).not.toThrow();
  }
});

test("two announcements of one object are an error that names both makers", () => {
  const twice = [service, { object: "service/iris", by: 'model "iris-next"' } as const];
  expect(() => announced(twice)).toThrow(
    'two objects would have one name; nothing was changed:\n  model "iris" and model "iris-next" both need service/iris; rename one of the two',
  );
});
