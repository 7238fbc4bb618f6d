import { describe, expect, test } from "vitest";
import { resolveFleet } from "../../../config/resolve";
import { config, IMAGE, problems, withImage } from "../../support/settings";

describe("the list of models", () => {
  test.each([
    ["a comma list", "iris, churn"],
    ["a JSON list", '["iris","churn"]'],
    ["a list built by --path", ["iris", "churn"]],
    ["any order", "churn,iris"],
  ])("takes %s and sorts it", (_form, models) => {
    const fleet = resolveFleet(config(withImage({ models })));
    expect(fleet.models.map(({ id }) => id)).toEqual(["churn", "iris"]);
  });

  test.each([[""], ["[]"], [[]]])("takes %j as a fleet without models", (models) => {
    expect(resolveFleet(config({ models })).models).toEqual([]);
  });

  test("that is not set at all is a mistake, because it would delete the fleet", () => {
    expect(problems({})).toEqual([
      "models: is not set; `pulumi config set models iris,churn` (or '' for no models)",
    ]);
  });
});

describe("settings of a model", () => {
  test("start from the defaults, merged map by map, lists replaced, null removing", () => {
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

  test("replicas of 0 stay 0", () => {
    const [iris] = resolveFleet(config(withImage({ catalog: { iris: { replicas: 0 } } }))).models;
    expect(iris?.replicas).toBe(0);
  });

  test("may be numbers and truth values where texts are meant, as `pulumi config set --path` makes them", () => {
    const own = { labels: { version: 3 }, annotations: { "prometheus.io/scrape": true }, args: ["--n", 4] };
    const [iris] = resolveFleet(config(withImage({ catalog: { iris: own } }))).models;
    expect(iris).toMatchObject({
      labels: { version: "3" },
      annotations: { "prometheus.io/scrape": "true" },
      args: ["--n", "4"],
    });
  });

  test("of an entry that is there and empty are the defaults", () => {
    const [iris] = resolveFleet(config(withImage({ catalog: { iris: null } }))).models;
    expect(iris?.image).toBe(IMAGE);
  });

  test.each(["/", "/health/", "/ready?verbose=1"])("may have %s for a readiness path", (readinessPath) => {
    expect(problems(withImage({ catalog: { iris: { readinessPath } } }))).toEqual([]);
  });

  test("of a model that is not active may stay", () => {
    const fleet = resolveFleet(config(withImage({ catalog: { churn: { port: 1 } } })));
    expect(fleet.models.map(({ id }) => id)).toEqual(["iris"]);
  });

  test("take their path from the prefix, or say it themselves", () => {
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

  test("/models/m1 and /models/m10 do not overlap", () => {
    expect(problems(withImage({ models: "m1,m10" }))).toEqual([]);
  });
});
