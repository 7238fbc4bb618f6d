import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import { alterations, reportAlterations, withApplied } from "../../../components/altered";

const container = (more: object) => [
  { name: "model", image: "a:1", env: [{ name: "A", value: "1" }], ...more },
];

test.each<[string, unknown, unknown, string[]]>([
  ["nothing if all that was sent is there", container({}), container({ imagePullPolicy: "Always" }), []],
  ["nothing if entries were added behind", container({}), [...container({}), { name: "proxy" }], []],
  ["another value", container({}), container({ image: "mirror/a:1" }), ["spec[model].image"]],
  ["an entry that is gone", container({}), [], ["spec[model]"]],
  ["a value that is gone", container({}), container({ env: [{ name: "A" }] }), ["spec[model].env[A].value"]],
  ["an entry that was added before", container({}), [{ name: "proxy" }, ...container({})], ["spec"]],
  ["an entry without a name, by its place", [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }], ["spec[1].a"]],
])("an alteration is %s", (_what, sent, live, expected) => {
  expect(alterations(sent, live, "spec").map(({ path }) => path)).toEqual(expected);
});

test("a warning names the object and each field with both values", async () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({
      id: name,
      state: { ...inputs, __inputs: inputs, spec: { ...(inputs["spec"] as object), type: "NodePort" } },
    }),
    call: () => ({}),
  });
  const transformation: pulumi.ResourceTransformation = ({ resource, props, opts }) => {
    void Promise.resolve().then(() => reportAlterations(resource, "service/iris"));
    return { props: withApplied(props), opts };
  };
  new Service("iris", { spec: { type: "ClusterIP" } }, { transformations: [transformation] });
  await pulumi.runtime.disconnect();
  await vi.waitFor(() => expect(warn).toHaveBeenCalled());
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    "service/iris: an admission policy or webhook of the cluster changes what is applied: " +
      'spec.type becomes "NodePort" instead of "ClusterIP"; ' +
      "put these values into the settings, or exempt the namespace from the policy: until then, every preview shows a change",
  ]);
  warn.mockRestore();
});
