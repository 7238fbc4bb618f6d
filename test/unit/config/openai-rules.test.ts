import { describe, expect, test } from "vitest";
import { fleetOf, IMAGE, onGateway, problems, withImage } from "../../support/settings";

const BACKEND = { defaultBackend: { image: IMAGE } };

/** Settings of a fleet with one address for all models. */
const shared = (routing: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  withImage({ ...onGateway({ openai: true, ...BACKEND, ...routing }), ...more });

describe("one address for all models", () => {
  test("has the header of body-based routers, unless the settings name another one", () => {
    expect(fleetOf(shared()).routing.modelHeader).toBe("X-Gateway-Model-Name");
    expect(problems(shared({ modelHeader: "x-ai-eg-model" }))).toEqual([]);
    expect(problems(shared({ modelHeader: "X Model" }))).toEqual([
      `routing.modelHeader: "X Model" is not the name of a header (letters, digits and !#$%&'*+.^_\`|~-)`,
    ]);
  });

  test("has the successors of retired models where its list has the models", () => {
    const retired = { gone: "iris" };
    expect(fleetOf(shared({ retired })).routing.retired).toEqual({
      "/models/gone": "/models/iris",
      "/v1/models/gone": "/v1/models/iris",
    });
    expect(fleetOf(shared({ retired, openai: false })).routing.retired).toEqual({
      "/models/gone": "/models/iris",
    });
  });

  test.each(["ingress", "both"])("is not possible with the flavour %s", (flavour) => {
    expect(problems(shared({ flavour }))).toEqual([
      `routing.openai: true needs HTTPRoutes, since an Ingress cannot choose by a header (routing.flavour is ${flavour}); set routing.flavour to gateway, or remove it`,
    ]);
  });

  test("needs a server that answers the list", () => {
    expect(problems(shared({ defaultBackend: undefined }))).toEqual([
      "routing.openai: true needs routing.defaultBackend, which answers /v1/models and requests without a model; set routing.defaultBackend.image, or remove it",
    ]);
  });

  test("is no place for the path of a single model", () => {
    const catalog = {
      iris: { path: "/v1", aliases: ["/v10/iris", "/x/v1"] },
      wine: { aliases: ["/v1/wine"] },
    };
    const rule = "is inside /v1, where a header names the model (routing.openai); choose another path";
    const found = problems(shared({}, { models: "iris,wine", catalog }));
    expect(found.filter((line) => line.endsWith(rule))).toEqual([
      `catalog.iris.path: "/v1" ${rule}`,
      `catalog.wine.aliases[0]: "/v1/wine" ${rule}`,
    ]);
    const alone = { iris: { path: "/v1/iris" } };
    expect(problems(shared({ openai: false }, { catalog: alone }))).toEqual([]);
  });

  test("is no place for a prefix either, which is one problem of all models", () => {
    const models = "iris,wine";
    expect(
      problems(shared({ pathPrefix: "/v1", formerPathPrefixes: ["/v1/old", "/a"] }, { models })),
    ).toEqual([
      'routing.pathPrefix: "/v1" is inside /v1, where a header names the model (routing.openai); choose another prefix',
      'routing.formerPathPrefixes[0]: "/v1/old" is inside /v1, where a header names the model (routing.openai); choose another prefix',
    ]);
    expect(problems(shared({ pathPrefix: "/" }, { models: "v1,wine" }))).toEqual([
      'catalog.v1.path: "/v1" is inside /v1, where a header names the model (routing.openai); choose another path',
    ]);
  });

  test("leaves a variant every header but the one that names the model", () => {
    const variants = (headers: object) => ({
      catalog: { iris: { champion: "default", variants: { default: {}, b: { headers } } } },
    });
    expect(problems(shared({}, variants({ "x-variant": "b" })))).toEqual([]);
    expect(problems(shared({}, variants({ "x-gateway-model-name": "b" })))).toEqual([
      "catalog.iris.variants.b.headers: has X-Gateway-Model-Name, which names the model (routing.modelHeader); remove it, or choose another one for either",
    ]);
    const many = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`x-${index}`, "1"]));
    expect(problems(shared({}, variants(many)))).toEqual([
      "catalog.iris.variants.b.headers: has 16 headers beside X-Gateway-Model-Name (routing.modelHeader), and a route compares at most 16; remove one",
    ]);
    expect(problems(shared({ openai: false }, variants(many)))).toEqual([]);
  });
});
