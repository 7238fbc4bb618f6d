import { describe, expect, test } from "vitest";
import { resolveFleet } from "../../../config/resolve";
import { config, fleetOf, IMAGE, problems, withImage } from "../../support/settings";

describe("the list of models", () => {
  test.each([
    ["a comma list", "iris, churn"],
    ["a JSON list", '["iris","churn"]'],
    ["a list built by --path", ["iris", "churn"]],
    ["a list in any order", "churn,iris"],
  ])("is read from %s and sorted", (_form, models) => {
    const fleet = resolveFleet(config(withImage({ models })));
    expect(fleet.models.map(({ id }) => id)).toEqual(["churn", "iris"]);
  });

  test.each([[""], ["[]"], [[]]])("may be %j, which is a fleet without models", (models) => {
    expect(resolveFleet(config({ models })).models).toEqual([]);
  });

  test("is required, because a missing list would delete the fleet", () => {
    expect(problems({})).toEqual([
      "models: is not set; `pulumi config set models iris,churn` (or '' for no models)",
    ]);
  });
});

describe("a top-level setting, which Pulumi gives as text", () => {
  test("is a number or a boolean where the schema asks for one, and text where it asks for that", () => {
    const text = { maxDeletions: "3", nodeAutoscaling: "true", namespace: "7" };
    expect(resolveFleet(config(withImage(text)))).toMatchObject({
      ...{ maxDeletions: 3, nodeAutoscaling: true, namespace: "7" },
    });
  });

  test("is checked as that", () => {
    expect(problems(withImage({ maxDeletions: "-1", nodeAutoscaling: "7", namespace: "x y" }))).toEqual([
      expect.stringContaining('namespace: "x y" is not'),
      "nodeAutoscaling: 7 must be a boolean",
      "maxDeletions: -1 must be at least 0",
    ]);
    expect(problems(withImage({ maxDeletions: "007" }))).toEqual(['maxDeletions: "007" must be a number']);
  });
});

describe("the settings of a model", () => {
  test("are merged over the defaults: maps by key, lists replaced, nulls removed", () => {
    const [iris] = resolveFleet(
      config({
        models: "iris",
        defaults: { image: IMAGE, port: 9000, args: ["a", "b"], env: { A: "1", B: "2" }, replicas: 3 },
        catalog: { iris: { args: ["c"], env: { B: null, C: 3 }, replicas: null } },
      }),
    ).models;
    expect(iris).toMatchObject({
      image: IMAGE,
      port: 9000,
      args: ["c"],
      env: { A: "1", C: "3" },
      replicas: 1,
    });
    expect(iris?.env).not.toHaveProperty("B");
  });

  test("keep 0 replicas as 0", () => {
    const [iris] = resolveFleet(config(withImage({ catalog: { iris: { replicas: 0 } } }))).models;
    expect(iris?.replicas).toBe(0);
  });

  test("may be numbers and booleans instead of strings, as `pulumi config set --path` writes them", () => {
    const own = { labels: { version: 3 }, annotations: { "prometheus.io/scrape": true }, args: ["--n", 4] };
    const [iris] = resolveFleet(config(withImage({ catalog: { iris: own } }))).models;
    expect(iris).toMatchObject({
      labels: { version: "3" },
      annotations: { "prometheus.io/scrape": "true" },
      args: ["--n", "4"],
    });
  });

  test("are the defaults if the catalog entry is empty", () => {
    const [iris] = resolveFleet(config(withImage({ catalog: { iris: null } }))).models;
    expect(iris?.image).toBe(IMAGE);
  });

  test.each(["/", "/health/", "/ready?verbose=1"])("may have the readiness path %s", (path) => {
    expect(problems(withImage({ catalog: { iris: { readiness: { path } } } }))).toEqual([]);
  });

  test("may stay in the catalog while the model is not active", () => {
    const fleet = resolveFleet(config(withImage({ catalog: { churn: { port: 1 } } })));
    expect(fleet.models.map(({ id }) => id)).toEqual(["iris"]);
  });

  test("take the path from the prefix unless they set one", () => {
    const fleet = resolveFleet(
      config({
        models: "iris,wine",
        defaults: { image: IMAGE },
        catalog: { wine: { path: "/cellar" } },
        routing: { pathPrefix: "/" },
      }),
    );
    expect(fleet.models.map(({ path }) => path)).toEqual(["/iris", "/cellar"]);
  });

  test("may have aliases, which overlap no path of any model", () => {
    const catalog = { iris: { aliases: ["/old/iris", "/models/wine/x", "/models/iris"] } };
    expect(problems(withImage({ models: "iris,wine", catalog }))).toEqual([
      'catalog.iris.aliases[2]: "/models/iris" is inside the path of "iris" (/models/iris); give one of them another path',
      'catalog.iris.aliases[1]: "/models/wine/x" is inside the path of "wine" (/models/wine); give one of them another path',
    ]);
    const { models } = fleetOf({ catalog: { iris: { aliases: ["/old/iris"] } } });
    expect(models[0]).toMatchObject({ path: "/models/iris", aliases: ["/old/iris"] });
  });

  test("may have the paths /models/m1 and /models/m10, which do not overlap", () => {
    expect(problems(withImage({ models: "m1,m10" }))).toEqual([]);
  });
});

describe("secrets", () => {
  test("under defaults belong to every model, and a model's own override them", () => {
    const { models } = resolveFleet(
      config(
        withImage({
          models: "iris,wine",
          secrets: { defaults: { HF_TOKEN: "all", OTHER: "o" }, iris: { HF_TOKEN: "own" } },
        }),
      ),
    );
    expect(models.map(({ secretEnv }) => secretEnv)).toEqual([
      { HF_TOKEN: "own", OTHER: "o" },
      { HF_TOKEN: "all", OTHER: "o" },
    ]);
  });

  test("of every model, beside a plain variable of the same name, are a problem", () => {
    const settings = { secrets: { defaults: { A: "x" } }, catalog: { iris: { env: { A: "y" } } } };
    expect(problems(withImage(settings))).toEqual([
      "catalog.iris.env.A: is set in secrets.defaults too; remove one of the two",
    ]);
  });

  test("of no model are a problem, with the nearest ID without secrets", () => {
    const settings = { secrets: { irsi: { A: "x" }, other: { A: "x" } }, catalog: { other: {} } };
    expect(problems(withImage(settings))).toEqual([
      'secrets.irsi: belongs to no model: the ID is neither in models nor in catalog; did you mean "iris"? Else remove it: `pulumi config rm --path secrets.irsi`',
    ]);
    expect(problems(withImage({ secrets: { irsi: { A: "x" }, iris: { A: "x" } } }))).toEqual([
      "secrets.irsi: belongs to no model: the ID is neither in models nor in catalog; remove it: `pulumi config rm --path secrets.irsi`",
    ]);
  });

  test("of a model that is listed with a mistake are no second problem", () => {
    const settings = { models: "iris,Wine", secrets: { wine: { A: "x" } } };
    expect(problems(withImage(settings))).toEqual([expect.stringContaining('models[1]: "Wine"')]);
  });

  test("of a variable that the program sets override its plain value", () => {
    expect(problems(withImage({ secrets: { iris: { MODEL_NAME: "x" } } }))).toEqual([]);
  });

  test("that end with a line break are a problem, unless they have several lines", () => {
    const settings = (value: string) => withImage({ secrets: { iris: { A: value } } });
    expect(problems(settings("key\n"))).toEqual([
      "secrets.iris.A: ends with a line break, which a key or a password does not have; set it without, as with `tr -d '\\r\\n' < <file> | pulumi config set --secret --path 'secrets.iris.A'`",
    ]);
    // Of a file with Windows line breaks: Pulumi removes only the "\n".
    expect(problems(settings("key\r"))).toHaveLength(1);
    expect(problems(settings("-----BEGIN\nabc\n-----END\n"))).toEqual([]);
  });
});

describe("retired models", () => {
  const defaultBackend = { image: IMAGE };

  test("have their path answered with that of their successor", () => {
    const retired = { churn: "iris", wine: "iris" };
    const { routing } = fleetOf({
      routing: { retired, defaultBackend },
      catalog: { wine: { path: "/cellar" } },
    });
    expect(routing.retired).toEqual({ "/models/churn": "/models/iris", "/cellar": "/models/iris" });
  });

  test("are not active, have a successor that is, and need a default backend", () => {
    const catalog = { iris: { aliases: ["/models/old"] } };
    const retired = { iris: "iris", churn: "irsi", old: "iris" };
    expect(problems(withImage({ catalog, routing: { retired } }))).toEqual([
      "routing.retired: needs routing.defaultBackend, which answers for these models; set routing.defaultBackend.image, or remove routing.retired",
      "routing.retired.iris: is an active model; take it off the list of models, or remove this",
      'routing.retired.churn: "irsi" is no active model; did you mean "iris"?',
      'routing.retired.old: its path /models/old leads to "iris"; remove one of the two',
    ]);
  });
});

describe("TLS", () => {
  const routing = (values: object) => withImage({ routing: values });

  test("makes the models' URLs HTTPS, and redirects to them", () => {
    const { routing: resolved } = fleetOf({ routing: { host: "a.example", tls: {} } });
    expect(resolved).toMatchObject({ url: "https://a.example", tls: { redirect: true } });
  });

  test("needs a host, and no URL by HTTP", () => {
    expect(problems(routing({ tls: {}, url: "http://a.example" }))).toEqual([
      "routing.tls: needs routing.host, since a certificate is for a host name; set routing.host, or remove routing.tls",
      'routing.url: "http://a.example" is HTTP, although routing.tls is set; let it begin with https://',
    ]);
  });
});
