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

describe("the own host of a model", () => {
  test("is made from the template, unless the model names one", () => {
    const { models } = fleetOf({
      models: "iris,wine",
      routing: { hostTemplate: "{id}.models.example" },
      catalog: { wine: { host: "w.example" } },
    });
    expect(models.map(({ host }) => host)).toEqual(["iris.models.example", "w.example"]);
  });

  test("is nobody else's", () => {
    const catalog = { iris: { host: "m.example" }, rose: { host: "r.example" }, wine: { host: "r.example" } };
    expect(problemsOf({ host: "m.example" }, { models: "iris,rose,wine", catalog })).toEqual([
      'catalog.iris.host: "m.example" is the host of all models already, and the model would answer at / there; give it a host of its own',
      'catalog.wine.host: "r.example" is the host of "rose" already, and the model would answer at / there; give it a host of its own',
    ]);
    expect(problemsOf({ hostTemplate: "models.example" })).toEqual([
      'routing.hostTemplate: "models.example" is not a host name with "{id}" in it, such as {id}.models.example.com',
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
