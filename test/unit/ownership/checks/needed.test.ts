import { expect, test } from "vitest";
import type { Needed } from "../../../../fleet/needed";
import { missingNeeded } from "../../../../ownership/checks/needed";

const HUB: Needed = { kind: "secret", name: "hub", path: "catalog.iris.envFrom[0].secretRef" };
const OTHER = { ...HUB, path: "catalog.wine.envFrom[0].secretRef" };

/** What is found if these objects are needed, and the namespace has these Secrets. */
function found(
  needed: readonly Needed[],
  secrets: readonly string[] | undefined,
  namespace: object | "missing" = {},
) {
  const existing = new Map(secrets && [["secret" as const, new Set(secrets)]]);
  return missingNeeded({ needed, namespace: "models" }, { needed: existing, namespace });
}

test("an object that several models need and that is missing is one error", () => {
  const text =
    'catalog.iris.envFrom[0].secretRef (and 1 more): names the Secret "hub", and there is none in namespace "models"; create it first';
  expect(found([HUB, OTHER], ["other-team"])).toEqual([{ level: "error", text }]);
});

test("a name that is nearly right is suggested", () => {
  expect(found([HUB], ["hubs"])[0]?.text).toMatch(/; did you mean "hubs"\? Else create it first$/);
});

test("it is a warning where the namespace is yet to be made", () => {
  expect(found([HUB], [], "missing")).toMatchObject([{ level: "warning" }]);
});

test("nothing is found if it exists, or if the account may not look", () => {
  expect(found([HUB], ["hub"])).toEqual([]);
  expect(found([HUB], undefined)).toEqual([]);
});
