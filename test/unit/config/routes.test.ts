import { describe, expect, test } from "vitest";
import { fleetOf, problems, withImage } from "../../support/settings";

const problemsOf = (routing: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  problems(withImage({ routing, ...more }));

describe("former path prefixes", () => {
  test("are further paths of every model, besides its aliases", () => {
    const { models } = fleetOf({
      routing: { pathPrefix: "/v2", formerPathPrefixes: ["/models", "/"] },
      catalog: { iris: { aliases: ["/flowers"] } },
    });
    expect(models[0]).toMatchObject({ path: "/v2/iris", aliases: ["/flowers", "/models/iris", "/iris"] });
  });

  test("add nothing where a model has the path already", () => {
    const routing = { pathPrefix: "/models", formerPathPrefixes: ["/models", "/old"] };
    const { models } = fleetOf({ routing, catalog: { iris: { aliases: ["/old/iris"] } } });
    expect(models[0]?.aliases).toEqual(["/old/iris"]);
  });

  test("that lead into the path of another model are the setting's problem", () => {
    const catalog = { apple: { path: "/old/iris" } };
    expect(problemsOf({ formerPathPrefixes: ["/old"] }, { models: "apple,iris", catalog })).toEqual([
      'routing.formerPathPrefixes: "/old/iris" is inside the path of "apple" (/old/iris); give one of them another path',
    ]);
  });
});

test("additional hosts need a host, since the models answer on every host without", () => {
  expect(problemsOf({ additionalHosts: ["a.example"] })).toEqual([
    "routing.additionalHosts: needs routing.host: without it, the models answer on every host; set routing.host, or remove it",
  ]);
  expect(problemsOf({ additionalHosts: ["127.0.0.1"], host: "a.example" })).toEqual([
    'routing.additionalHosts[0]: "127.0.0.1" is an address, not a host name; remove it and set routing.url instead',
  ]);
});
