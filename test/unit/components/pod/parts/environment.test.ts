import { expect, test } from "vitest";
import { environment } from "../../../../../components/pod/parts/environment";
import { modelOf, problems, withImage } from "../../../../support/settings";

test("the model's own Secret comes last, so that it wins over objects of others", () => {
  const envFrom = [
    { secretRef: { name: "hub", optional: true } },
    { prefix: "A_", configMapRef: { name: "a" } },
  ];
  const args = { name: "iris", stack: "dev", envFromSecret: "iris-env-1" };
  expect(environment(modelOf({ envFrom }), args).container?.envFrom).toEqual([
    ...envFrom,
    { secretRef: { name: "iris-env-1" } },
  ]);
});

test.each([
  [{}, "catalog.iris.envFrom[0]: {} has not one source; give secretRef or configMapRef"],
  [
    { secretRef: { name: "a" }, configMapRef: { name: "a" } },
    'catalog.iris.envFrom[0]: {"secretRef":{"name":"a"},"configMapRef":{"name":"a"}} has not one source; give secretRef or configMapRef',
  ],
  [{ secretRef: { name: "A" } }, 'catalog.iris.envFrom[0].secretRef.name: "A" is not the name of a Secret'],
  [{ secretref: { name: "a" } }, 'catalog.iris.envFrom[0].secretref: unknown key; did you mean "secretRef"?'],
])("%j is a problem", (source, line) => {
  expect(problems(withImage({ catalog: { iris: { envFrom: [source] } } }))).toContain(line);
});

test("a reference may be to a key of such an object", () => {
  const iris = { args: ["$(HUB)"], envFrom: [{ secretRef: { name: "hub" } }] };
  expect(problems(withImage({ catalog: { iris } }))).toEqual([]);
});

test("variables that Kubernetes takes from elsewhere stand first, since texts may refer to them", () => {
  const env = {
    URL: "http://$(POD_IP):$(PORT)/$(TEAM)",
    TEAM: { configMapKeyRef: { name: "team", key: "name" } },
    POD_IP: { fieldRef: { fieldPath: "status.podIP" } },
  };
  expect(environment(modelOf({ env }), { name: "iris", stack: "dev" }).container?.env).toEqual([
    { name: "POD_IP", valueFrom: env.POD_IP },
    { name: "TEAM", valueFrom: env.TEAM },
    { name: "URL", value: env.URL },
  ]);
});

test.each([
  [{ secretKeyRef: { name: "a" } }, "catalog.iris.env.A.secretKeyRef.key: is missing; give a string"],
  [
    { secretKeyref: { name: "a", key: "b" } },
    'catalog.iris.env.A.secretKeyref: unknown key; did you mean "secretKeyRef"?',
  ],
  [
    {},
    "catalog.iris.env.A: has not one source; give secretKeyRef, configMapKeyRef, fieldRef or resourceFieldRef",
  ],
  [
    { fieldRef: { fieldPath: "status.podIp" } },
    'catalog.iris.env.A.fieldRef.fieldPath: is not a field of a pod such as "status.podIP"',
  ],
  [[], "catalog.iris.env.A: must be a string or a number or a boolean or a map"],
])("a variable that is %j is a problem", (value, line) => {
  expect(problems(withImage({ catalog: { iris: { env: { A: value } } } }))).toEqual([line]);
});
