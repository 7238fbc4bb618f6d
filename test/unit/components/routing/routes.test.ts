import { describe, expect, test } from "vitest";
import { ingressPaths, type Route, stripExpressions } from "../../../../components/routing/routes";

const route = (id: string, path = `/models/${id}`): Route => ({ id, path, service: id });

/** Which backend a request reaches, by the rules of regular expressions as ingress-nginx applies them. */
function nginxBackend(path: string, routes: Route[]): unknown {
  const paths = ingressPaths("nginx", routes, "fallback") as {
    path: string;
    backend: { service: { name: string } };
  }[];
  const longestFirst = [...paths].sort((a, b) => b.path.length - a.path.length);
  return longestFirst.find((rule) => new RegExp(`^${rule.path}`, "i").test(path))?.backend.service.name;
}

describe("paths", () => {
  const routes = [route("m10"), route("m1"), route("v1", "/v1.0")];

  test.each([
    ["/models/m1", "m1"],
    ["/models/m1/v2/health/ready", "m1"],
    ["/models/m10", "m10"],
    ["/models/m10/x", "m10"],
    ["/models/m100", "fallback"],
    ["/v1.0/x", "v1"],
    ["/v1x0/x", "fallback"],
    ["/", "fallback"],
  ])("for nginx take %s to %s", (path, backend) => {
    expect(nginxBackend(path, routes)).toBe(backend);
  });

  test("do not depend on the order of the list", () => {
    expect(ingressPaths("traefik", [...routes].reverse())).toEqual(ingressPaths("traefik", routes));
  });

  test("for traefik are whole segments, and the fallback comes last", () => {
    const service = (name: string) => ({ service: { name, port: { name: "http" } } });
    expect(ingressPaths("traefik", [route("b"), route("a")], "fallback")).toEqual([
      { path: "/models/a", pathType: "Prefix", backend: service("a") },
      { path: "/models/b", pathType: "Prefix", backend: service("b") },
      { path: "/", pathType: "Prefix", backend: service("fallback") },
    ]);
  });
});

describe("the expressions that strip a path for traefik", () => {
  const strip = (path: string, expressions: string[]) => {
    const match = expressions
      .map((one) => new RegExp(one).exec(path)?.[0])
      .find((found) => found !== undefined);
    return match === undefined ? path : path.slice(match.length);
  };

  test("are the same whatever models stand under the common prefix", () => {
    expect(stripExpressions("/models", [route("a"), route("b")])).toEqual(["^/models/[^/]+"]);
  });

  test("strip each model's own path and no other's", () => {
    const routes = [route("a", "/m1"), route("b", "/m10"), route("c"), route("d", "/models/deep/er")];
    const expressions = stripExpressions("/models", routes);
    const paths = ["/m1/x", "/m10/x", "/models/c/x", "/models/deep/er/x"];
    expect(paths.map((path) => strip(path, expressions))).toEqual(["/x", "/x", "/x", "/x"]);
  });

  test("of a path that the common prefix begins with come after it", () => {
    const expressions = stripExpressions("/models", [route("old", "/model"), route("iris")]);
    expect(strip("/models/iris/v2", expressions)).toBe("/v2");
    expect(strip("/model/v2", expressions)).toBe("/v2");
  });

  test("work where the prefix is /", () => {
    expect(strip("/iris/v2", stripExpressions("/", [route("iris", "/iris")]))).toBe("/v2");
  });
});
