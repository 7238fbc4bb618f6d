import { describe, expect, test } from "vitest";
import { variantsOf } from "../../../config/resolve";
import { fleetOf, IMAGE, onGateway, problems, withImage } from "../../support/settings";

/** The lines of the report on the model `iris` with these settings, behind HTTPRoutes unless a test says otherwise. */
const found = (iris: object, more: object = {}) =>
  problems(withImage({ ...onGateway(), catalog: { iris }, ...more }));
const two = (challenger: object) => ({ champion: "a", variants: { a: {}, b: challenger } });
const resolved = (iris: object, more: object = {}) => {
  const [model] = fleetOf({ ...onGateway(), catalog: { iris }, ...more }).models;
  if (model === undefined) throw new Error("there is no model");
  return variantsOf(model);
};

describe("a model's settings are the defaults of its variants", () => {
  test("maps are merged by key, lists replaced, and null removes", () => {
    const [a, b] = resolved({
      env: { MODE: "fast", X: "1" },
      args: ["--a"],
      startupSeconds: 7,
      champion: "a",
      variants: {
        a: {},
        b: { image: "x/y:2", env: { MODE: "slow", X: null }, args: ["--b"], startupSeconds: null },
      },
    });
    expect(a).toMatchObject({
      variant: "a",
      image: IMAGE,
      env: { MODE: "fast", X: "1" },
      args: ["--a"],
      startupSeconds: 7,
    });
    expect(b).toMatchObject({
      variant: "b",
      image: "x/y:2",
      env: { MODE: "slow" },
      args: ["--b"],
      startupSeconds: 120,
    });
  });

  test("a variant without a value adds nothing", () => {
    expect(resolved({ champion: "a", variants: { a: null, b: {} } }).map(({ variant }) => variant)).toEqual([
      "a",
      "b",
    ]);
  });

  test("a variant gets the secrets of all, of its model, and its own, which win", () => {
    const secrets = { defaults: { A: "0", B: "0", C: "0" }, iris: { B: "1", C: "1" }, "iris/b": { C: "2" } };
    const [a, b] = resolved(two({}), { secrets });
    expect(a?.secretEnv).toEqual({ A: "0", B: "1", C: "1" });
    expect(b?.secretEnv).toEqual({ A: "0", B: "1", C: "2" });
  });

  test("without variants, a model has one that gets all requests", () => {
    expect(resolved({})).toMatchObject([{ variant: "default", weight: 100 }]);
    expect(resolved({ champion: "default" })).toMatchObject([{ variant: "default", weight: 100 }]);
    expect(resolved({ variants: {} })).toMatchObject([{ variant: "default", weight: 100 }]);
  });
});

describe("the champion", () => {
  test("is first, and has what the others leave", () => {
    const variants = { c: { trafficPercent: 5 }, a: {}, b: { trafficPercent: 10, headers: { x: "1" } } };
    expect(resolved({ champion: "a", variants })).toMatchObject([
      { variant: "a", weight: 85 },
      { variant: "b", weight: 10, headers: { x: "1" } },
      { variant: "c", weight: 5 },
    ]);
  });

  test("keeps its own share in the settings, without effect, so that a promotion is one line", () => {
    const variants = { a: {}, b: { trafficPercent: 10, headers: { x: "1" } } };
    expect(resolved({ champion: "b", variants })).toMatchObject([
      { variant: "b", weight: 100 },
      { variant: "a", weight: 0 },
    ]);
    expect(resolved({ champion: "b", variants })[0]).not.toHaveProperty("headers");
  });

  test.each<[string, object, string]>([
    [
      "is missing",
      { variants: { a: {}, b: {} } },
      "catalog.iris.champion: is missing: the model has variants; name one of a, b",
    ],
    [
      "is no variant",
      { champion: "candidat", variants: { candidate: {}, a: {} } },
      'catalog.iris.champion: "candidat" is no variant of the model; did you mean "candidate"?',
    ],
    [
      "has no pods, and others have",
      { replicas: 0, champion: "b", variants: { a: { replicas: 1 }, b: {} } },
      `catalog.iris.champion: "b" has 0 replicas, so the model's paths would lead to no pod, while other variants have some; set its replicas to 1 or more, or those of all to 0`,
    ],
    [
      "has no variants",
      { champion: "b" },
      'catalog.iris.champion: "b" names a variant, and the model has none; remove it, or set catalog.iris.variants',
    ],
  ])("is a problem if it %s", (_what, iris, line) => {
    expect(found(iris)).toEqual([line]);
  });
});

describe("a share is a problem", () => {
  const at = "catalog.iris.variants";
  test.each<[string, object, string[]]>([
    [
      "of more than all requests",
      { champion: "a", variants: { a: {}, b: { trafficPercent: 60 }, c: { trafficPercent: 50 } } },
      [
        `${at}: the trafficPercent of all but the champion are 60 + 50 = 110, and at most 100 are possible; lower one of them`,
      ],
    ],
    ["that is no integer", two({ trafficPercent: 1.5 }), [`${at}.b.trafficPercent: 1.5 must be an integer`]],
    ["above 100", two({ mirrorPercent: 101 }), [`${at}.b.mirrorPercent: 101 must be at most 100`]],
    [
      "of originals and copies",
      two({ trafficPercent: 1, mirrorPercent: 1 }),
      [
        `${at}.b.mirrorPercent: 1 is set beside trafficPercent: a request would come twice; remove one of the two`,
      ],
    ],
    [
      "of a variant without pods",
      two({ trafficPercent: 1, replicas: 0 }),
      [
        `${at}.b.trafficPercent: 1 leads to no pod, since its replicas are 0; remove it, or set replicas to 1 or more`,
      ],
    ],
    [
      "of a variant of a model without pods",
      { replicas: 0, champion: "a", variants: { a: { replicas: 1 }, b: { headers: { a: "b" } } } },
      [`${at}.b.headers: leads to no pod, since its replicas are 0; remove it, or set replicas to 1 or more`],
    ],
    [
      "without a header",
      two({ headers: {} }),
      [`${at}.b.headers: {} has no header, so it would match every request; name one, or remove it`],
    ],
    [
      "with one header twice",
      two({ headers: { "X-A": "1", "x-a": "2" } }),
      [
        `${at}.b.headers: {"X-A":"1","x-a":"2"} names a header twice: upper and lower case are the same; remove one`,
      ],
    ],
    [
      "by the headers of another variant",
      { champion: "a", variants: { a: {}, b: { headers: { "X-A": "1" } }, c: { headers: { "x-a": "1" } } } },
      [`${at}.c.headers: are those of the variant "b" too; let the two differ`],
    ],
  ])("%s", (_what, iris, lines) => {
    expect(found(iris)).toEqual(lines);
  });

  test.each(["ingress", "both"])("with the flavour %s, but no share is none", (flavour) => {
    const more = onGateway({ flavour });
    const rule = `needs HTTPRoutes, since an Ingress cannot split requests (routing.flavour is ${flavour}); set routing.flavour to gateway, or remove it`;
    expect(found(two({ trafficPercent: 10, headers: { a: "b" } }), more)).toEqual([
      `${at}.b.trafficPercent: 10 ${rule}`,
      `${at}.b.headers: ${rule}`,
    ]);
    expect(found(two({ trafficPercent: 0, mirrorPercent: 0 }), more)).toEqual([]);
  });
});

describe("every rule of a model holds for each of its variants", () => {
  test("at the path of the variant, and once at that of the model for what all have from it", () => {
    const env = { A: "$(NOT)", PORTS: 1 };
    expect(found(two({ env, readiness: { path: "x" }, path: "/x" }))).toEqual([
      'catalog.iris.variants.b.readiness.path: "x" is not a path such as "/v2/health/ready"',
      expect.stringMatching(/^catalog.iris.variants.b.path: unknown key; /),
    ]);
    expect(found({ args: ["$(ABSENT)"], ...two({ env }) })).toEqual([
      "catalog.iris.args[0]: refers to $(ABSENT), and there is no such variable; set it in env or secrets. To keep the text, write $$(ABSENT)",
      'catalog.iris.variants.b.env.A: refers to $(NOT), and there is no such variable; did you mean "PORT"? To keep the text, write $$(NOT)',
    ]);
  });

  test("secrets in plain text are found, with the key of the variant", () => {
    expect(found(two({ env: { API_KEY: "abc" } }))).toEqual([
      'catalog.iris.variants.b.env.API_KEY: the name "API_KEY" looks like a secret, which must not be in plain text; remove it and run ' +
        '`pulumi config set --secret --path \'secrets["iris/b"].API_KEY\'`, or, if it is no secret, add "API_KEY" to catalog.iris.variants.b.plain',
    ]);
    expect(found({ plain: ["API_KEY"], ...two({ env: { API_KEY: "abc" } }) })).toEqual([]);
    expect(found(two({ plain: ["API_KEE"], env: { API_KEY: "abc" } }))).toEqual([
      expect.stringContaining("looks like a secret"),
      'catalog.iris.variants.b.plain[0]: "API_KEE" is no variable in env and no flag in args; did you mean "API_KEY"?',
    ]);
  });

  test("a variable is either plain or secret", () => {
    const secrets = { "iris/b": { A: "1" } };
    expect(found({ env: { A: "2" }, ...two({}) }, { secrets })).toEqual([
      'catalog.iris.env.A: is set in secrets["iris/b"] too; remove one of the two',
    ]);
    expect(found({ env: { A: "2" }, ...two({ env: { A: null } }) }, { secrets })).toEqual([]);
  });

  test("a size counts per variant", () => {
    const [line, ...others] = found(two({ env: { BIG: "x".repeat(200_000) } }));
    expect(line).toMatch(/^catalog.iris.variants.b.env.BIG: too large: /);
    expect(others).toEqual([]);
  });

  test("an image is needed for each", () => {
    const without = (iris: object) => problems({ models: "iris", catalog: { iris } });
    expect(without(two({}))).toEqual([expect.stringMatching(/^catalog.iris.image: is missing; /)]);
    expect(without(two({ image: IMAGE }))).toEqual([
      "catalog.iris.variants.a.image: is missing; set it, or catalog.iris.image for all variants",
    ]);
    expect(without({ champion: "a", variants: { a: { image: IMAGE }, b: { image: IMAGE } } })).toEqual([]);
  });
});

describe("a name is a problem", () => {
  test("that is no DNS label", () => {
    expect(found({ champion: "a", variants: { a: {}, B_1: {} } })).toEqual([
      'catalog.iris.variants.B_1: the name "B_1" is not the name of a variant (lower-case letters, digits and "-"; neither first nor last "-"; at most 63)',
    ]);
  });

  test("whose objects would have the names of another model's, are too long, or are the fleet's own", () => {
    const variants = { default: {}, candidate: {} };
    const long = "x".repeat(60);
    const settings = {
      models: ["iris", "iris-candidate", "modelfleet-default", long],
      catalog: {
        iris: { champion: "default", variants },
        "modelfleet-default": { champion: "backend", variants: { backend: {} } },
        [long]: { champion: "default", variants },
      },
    };
    expect(problems(withImage(settings))).toEqual([
      'catalog.iris.variants.candidate: its objects would be named "iris-candidate", as those of model "iris-candidate"; rename the variant',
      `catalog.modelfleet-default.variants.backend: its objects' name "modelfleet-default-backend" needs an object named "modelfleet-default-backend", which is reserved for the fleet; rename the variant`,
      `catalog.${long}.variants.candidate: its objects' name "${long}-candidate" is 70 characters long; the name of a Service has at most 63; rename the variant`,
    ]);
  });
});
