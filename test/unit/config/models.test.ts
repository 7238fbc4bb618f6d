import fc from "fast-check";
import { expect, test } from "vitest";
import { parseModels } from "../../../config/models";

const ids = fc.uniqueArray(fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/), { maxLength: 12 });

test("parseModels gives the same IDs for every form and order of a list that pulumi config set writes", () => {
  fc.assert(
    fc.property(ids, fc.nat(), (list, turn) => {
      const at = list.length === 0 ? 0 : turn % list.length;
      const turned = [...list.slice(at), ...list.slice(0, at)];
      const expected = { ids: [...list].sort(), problems: [] };
      expect(parseModels(JSON.stringify(turned))).toEqual(expected);
      expect(parseModels(turned.join(","))).toEqual(expected);
      expect(parseModels(` ${turned.join(" , ")} `)).toEqual(expected);
      expect(parseModels(`${turned.join(" ")},`)).toEqual(expected);
      expect(parseModels(`${turned.join("\n")}\n`)).toEqual(expected);
    }),
  );
});

test("parseModels turns each item of any JSON list into an ID or a problem", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 6 }),
      (items) => {
        const { ids: found, problems } = parseModels(JSON.stringify(items));
        expect(found.length + problems.length).toBe(items.length);
      },
    ),
  );
});

test("an ID with a comma behind it gets the ID as a suggestion", () => {
  expect(parseModels('["iris,","wine"]').problems).toEqual([expect.stringContaining('did you mean "iris"?')]);
});

test("an item with two IDs is told to be two items", () => {
  expect(parseModels('["iris wine"]').problems).toEqual([
    'models[0]: "iris wine" is more than one model ID; give each ID an item of its own',
  ]);
});

test("no suggestion is an ID that is listed, or that another one got", () => {
  const { problems } = parseModels("phi-3-5,phi-3.5,Iris,IRIS");
  expect(problems.map((line) => line.split("; ").slice(2).join("; "))).toEqual([
    'remove it if it means "phi-3-5", which is there or suggested already, or rename the model',
    'did you mean "iris"?',
    'remove it if it means "iris", which is there or suggested already, or rename the model',
  ]);
});
