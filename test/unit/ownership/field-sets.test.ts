import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldSet } from "../../../fleet/owner";
import { below, notBelow, pathsOf, union, unknownTo } from "../../../ownership/field-sets";

/** The members of a set, each as its path in the tree. */
function members(set: FieldSet | undefined, prefix = ""): string[] {
  if (set === undefined) return [];
  const entries = Object.entries(set);
  if (entries.length === 0) return [prefix];
  return entries
    .flatMap(([key, child]) => (key === "." ? [prefix] : members(child, `${prefix}/${key}`)))
    .sort();
}

const key = fc.constantFrom("f:a", "f:b", 'k:{"port":80}', 'v:"x"');
const { tree } = fc.letrec<{ tree: FieldSet }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.constant({}),
    fc
      .tuple(fc.dictionary(key, tie("tree"), { minKeys: 1, maxKeys: 3 }), fc.boolean())
      .map(([children, self]) => (self ? { ".": {}, ...children } : children)),
  ),
}));
const sets = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 3 });
const paths = fc.uniqueArray(fc.constantFrom("a", "b", "a.a", "a.b", "b.a.b"), { maxLength: 3 });

describe("for all sets", () => {
  test("a union has the members of both, and no other", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const both = new Set([...members(a), ...members(b)]);
        expect(members(union(a, b))).toEqual([...both].sort());
      }),
    );
  });

  test("what is below some paths and what is not are together the whole set, and have no member in common", () => {
    fc.assert(
      fc.property(sets, paths, (set, some) => {
        const [inside, outside] = [members(below(set, some)), members(notBelow(set, some))];
        expect([...inside, ...outside].sort()).toEqual(members(set));
      }),
    );
  });

  test("what another set does not know are members of the first that are not of the other", () => {
    fc.assert(
      fc.property(sets, sets, (set, other) => {
        const unknown = members(unknownTo(other, set));
        expect(members(set)).toEqual(expect.arrayContaining(unknown));
        expect(members(other).filter((member) => unknown.includes(member))).toEqual([]);
        expect(unknownTo(set, set)).toBeUndefined();
        expect(unknownTo(undefined, set)).toBe(set);
      }),
    );
  });
});

test("a list with entries of both is no unknown member, and its other entries are", () => {
  const ours = { "f:ports": { 'k:{"port":80}': { ".": {} } } };
  const theirs = {
    "f:ports": { ".": {}, 'k:{"port":80}': { "f:nodePort": {} }, 'k:{"port":81}': { ".": {} } },
  };
  expect(unknownTo(ours, theirs)).toEqual({
    "f:ports": { 'k:{"port":80}': { "f:nodePort": {} }, 'k:{"port":81}': { ".": {} } },
  });
});

test("paths are as a user reads them, without what is below a member", () => {
  const port = 'k:{"port":8080,"protocol":"TCP"}';
  const env = { 'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} } };
  const set = {
    "f:spec": {
      "f:paused": {},
      "f:ports": { [port]: { ".": {}, "f:port": {} } },
      "f:containers": { 'k:{"name":"model"}': { "f:env": env, "f:image": {} } },
      "f:finalizers": { 'v:"x"': {} },
    },
  };
  expect(pathsOf(set)).toEqual([
    "spec.containers[model].env[A]",
    "spec.containers[model].image",
    'spec.finalizers["x"]',
    "spec.paused",
    "spec.ports[8080/TCP]",
  ]);
});
