import { expect, test } from "vitest";
import { problems, withImage } from "../../support/settings";

const two = { champion: "a", variants: { a: {}, b: {} } };

test("secrets must belong to a variant that there is", () => {
  expect(
    problems(withImage({ catalog: { iris: two }, secrets: { "iris/bb": { A: "1" }, "wine/b": { A: "1" } } })),
  ).toEqual([
    'secrets["iris/bb"]: belongs to no variant: catalog.iris has the variants a, b; did you mean "iris/b"? Else remove it: `pulumi config rm --path \'secrets["iris/bb"]\'`',
    'secrets["wine/b"]: belongs to no variant: catalog.wine has no variants; remove it: `pulumi config rm --path \'secrets["wine/b"]\'`',
  ]);
});

test("secrets of a variant must be encrypted", () => {
  const settings = withImage({ catalog: { iris: two }, secrets: { "iris/b": { A: "1" } } });
  expect(problems(settings, (key, ...path) => key === "secrets" && path.length === 0)).toEqual([
    'secrets["iris/b"].A: is not encrypted; set it with `pulumi config set --secret --path \'secrets["iris/b"].A\'`',
  ]);
});
