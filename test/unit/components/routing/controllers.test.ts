import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONTROLLERS, stripExpressions } from "../../../../components/routing/controllers";
import { modelPath } from "../../../../fleet/names";

const path = (text: string) => ({ paths: [text] });

/** The rest of a path after Traefik's StripPrefixRegex: the first match at its beginning counts. */
function strip(text: string, expressions: string[]): string {
  const match = expressions
    .map((one) => new RegExp(one).exec(text)?.[0])
    .find((found) => found !== undefined);
  return match === undefined ? text : text.slice(match.length);
}

describe("the expressions that strip a path for traefik", () => {
  test("do not depend on the models under the common prefix", () => {
    expect(stripExpressions(["/models"], [path("/models/a"), path("/models/b")])).toEqual(["^/models/[^/]+"]);
  });

  test("strip each model's path and no other path", () => {
    const paths = ["/m1", "/m10", "/models/c", "/models/deep/er"];
    const expressions = stripExpressions(["/models"], paths.map(path));
    expect(paths.map((one) => strip(`${one}/x`, expressions))).toEqual(["/x", "/x", "/x", "/x"]);
  });

  test("try the common prefix before a shorter path that it begins with", () => {
    const expressions = stripExpressions(["/models"], [path("/model"), path("/models/iris")]);
    expect(strip("/models/iris/v2", expressions)).toBe("/v2");
    expect(strip("/model/v2", expressions)).toBe("/v2");
  });

  test("work with the prefix /", () => {
    expect(strip("/iris/v2", stripExpressions(["/"], [path("/iris")]))).toBe("/v2");
  });
});

const segment = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/).filter((text) => !/^\.{1,2}$/.test(text));
const modelPaths = fc.uniqueArray(
  fc.oneof(
    segment.map((id) => modelPath("/models", id)),
    fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join("/")}`),
  ),
  { minLength: 1, maxLength: 6 },
);
/** Paths that the settings allow: none is inside another path, and none is the prefix itself. */
const apart = (paths: readonly string[]) =>
  !paths.includes("/models") &&
  paths.every((a) => paths.every((b) => a === b || !`${b}/`.startsWith(`${a}/`)));

test("traefik strips the path of every model for all valid lists of paths", () => {
  fc.assert(
    fc.property(modelPaths.filter(apart), (paths) => {
      const expressions = stripExpressions(["/models"], paths.map(path));
      for (const one of paths) expect(strip(`${one}/v2/x`, expressions)).toBe("/v2/x");
    }),
  );
});

test("nginx matches a model's path and what is below it, has both apart, and matches no other model's", () => {
  fc.assert(
    fc.property(modelPaths.filter(apart), (paths) => {
      for (const one of paths) {
        const rule = new RegExp(`^${String(CONTROLLERS.nginx.path(one).path)}`);
        const [, prefix, , rest] = rule.exec(`${one}/v2/x`) ?? [];
        expect({ prefix: `/${prefix}`, rest: `/${rest}` }).toEqual({ prefix: one, rest: "/v2/x" });
        for (const other of paths.filter((it) => it !== one)) expect(rule.test(`${other}/v2`)).toBe(false);
      }
    }),
  );
});
