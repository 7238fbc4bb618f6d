import { expect, test } from "vitest";
import { identity } from "../../../../../components/pod/parts/identity";
import { modelOf, problems, withImage } from "../../../../support/settings";

const ARGS = { name: "iris", stack: "dev" };

test("pods run under the account that is named, or that is made, and else under the namespace's own", () => {
  expect(identity(modelOf({}), ARGS)).toEqual({ pod: { serviceAccountName: "default" } });
  expect(identity(modelOf({ serviceAccountName: "a" }), ARGS)).toEqual({ pod: { serviceAccountName: "a" } });
  expect(identity(modelOf({ serviceAccount: {} }), { ...ARGS, serviceAccount: "iris" })).toEqual({
    pod: { serviceAccountName: "iris" },
  });
});

test("the account has one name: the API server would ignore the field's old one", () => {
  expect(problems(withImage({ catalog: { iris: { podSpec: { serviceAccount: "a" } } } }))).toEqual([
    'catalog.iris.podSpec.serviceAccount: "a" is the old name of a field; use the setting serviceAccountName',
  ]);
});

test("a model has one account", () => {
  const both = { serviceAccountName: "a", serviceAccount: {} };
  expect(problems(withImage({ catalog: { iris: both } }))).toEqual([
    'catalog.iris.serviceAccountName: "a" is set beside serviceAccount, which makes one of its own; remove one of the two',
  ]);
});
