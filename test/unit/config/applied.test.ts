import { describe, expect, test } from "vitest";
import { appliedBy, leftReady, parsedApplied, whyWhole } from "../../../config/applied";
import { resolveFleet } from "../../../config/resolve";
import { config, withImage } from "../../support/settings";

const of = (values: Record<string, unknown>, program: unknown = "1.0") =>
  appliedBy(resolveFleet(config(withImage({ models: "iris,wine,churn", ...values }))), program);

const LAST = of({});
const why = (values: Record<string, unknown>, ...ids: string[]) =>
  whyWhole(new Set(ids), of(values), LAST)?.why;

describe("an update of one model alone is enough", () => {
  test.each<[string, Record<string, unknown>]>([
    ["if nothing has changed", {}],
    ["if its image has", { catalog: { iris: { image: "registry.example/model:2" } } }],
    ["if a secret of it has", { secrets: { iris: { KEY: "x" } } }],
    ["if its path has", { catalog: { iris: { path: "/flowers" } } }],
    ["if it has left the list", { models: "wine,churn" }],
    ["whatever may be deleted at once, since that is no part of an object", { maxDeletions: 7 }],
  ])("%s", (_what, values) => {
    expect(why(values, "iris")).toBeUndefined();
  });

  test("if it is new", () => {
    expect(why({ models: "iris,wine,churn,fraud" }, "fraud")).toBeUndefined();
  });
});

describe("the whole fleet is updated", () => {
  const others = "other models have changed since the last update too: ";
  test.each<[string, Record<string, unknown>, string]>([
    ["another model has changed", { catalog: { wine: { replicas: 2 } } }, `${others}wine`],
    ["a secret of another model has", { secrets: { wine: { KEY: "x" } } }, `${others}wine`],
    ["another model has left the list", { models: "iris,churn" }, `${others}wine`],
    [
      "many others have",
      { models: "iris,wine,churn,a,b,c", catalog: { wine: { replicas: 2 } } },
      `${others}a, b, c and 1 more`,
    ],
    [
      "a setting of all has",
      { defaults: { image: "registry.example/model:2" } },
      "other models have changed since the last update too: churn, wine",
    ],
    [
      "the fleet itself has",
      { labels: { team: "garden" } },
      "settings of the fleet itself, or the program, have changed since the last update",
    ],
    [
      "the registry's password has",
      { registry: { server: "registry.example", username: "u", password: "p" } },
      "settings of the fleet itself, or the program, have changed since the last update",
    ],
    [
      "the Namespace gets another Pod Security Standard, by a setting of this model",
      { catalog: { iris: { podSecurity: "baseline" } } },
      "the Namespace or the Gateway changes, which all models share",
    ],
    ["there is no other model", { models: "iris" }, `${others}churn, wine`],
  ])("if %s", (_what, values, expected) => {
    expect(why(values, "iris")).toBe(expected);
  });

  test("if nothing is known of the last update", () => {
    expect(whyWhole(new Set(["iris"]), LAST, undefined)?.why).toMatch(
      /^the last update failed, or there was none/,
    );
  });

  test("if the model is the only one", () => {
    const alone = of({ models: "iris" });
    expect(whyWhole(new Set(["iris"]), alone, alone)?.why).toBe("there is no other model");
  });

  test("if the program is another version", () => {
    expect(whyWhole(new Set(["iris"]), of({}, "1.1"), LAST)?.why).toBe(
      "settings of the fleet itself, or the program, have changed since the last update",
    );
  });
});

describe("the models that have changed are named", () => {
  const named = (values: Record<string, unknown>) => whyWhole(new Set(), of(values), LAST)?.changed;

  test("if they are fewer than half", () => {
    expect(named({ catalog: { wine: { replicas: 2 } } })).toEqual(["wine"]);
  });

  test("not if they are more than fifty, for which Pulumi compares too many names", () => {
    const fleet = (count: number, replicas: number) => {
      const ids = Array.from({ length: count }, (_, index) => `m${index}`);
      return {
        models: "a,b," + [...ids, ...ids.map((id) => `${id}x`)].join(","),
        catalog: Object.fromEntries(ids.map((id) => [id, { replicas }])),
      };
    };
    const changed = (count: number) => whyWhole(new Set(), of(fleet(count, 2)), of(fleet(count, 1)))?.changed;
    expect([changed(50)?.length, changed(51)]).toEqual([50, undefined]);
  });

  test("not if an update of the whole fleet is as quick", () => {
    expect(named({ defaults: { image: "registry.example/model:2" } })).toBeUndefined();
  });
});

test("what the outputs of a failed update or of another program hold is no record", () => {
  expect(["", undefined, 7].map(parsedApplied)).toEqual([undefined, undefined, undefined]);
  expect(parsedApplied(JSON.stringify(LAST))).toEqual(LAST);
});

describe("a model was left ready by the last update", () => {
  const before = { fleet: "f", shared: "", models: { iris: "1", wine: "2" } };

  test("if its settings and those of the fleet are the same", () => {
    const now = { ...before, models: { iris: "1", wine: "3" } };
    const ready = leftReady(now, before);
    expect([ready("iris"), ready("wine")]).toEqual([true, false]);
    expect(leftReady({ ...now, fleet: "g" }, before)("iris")).toBe(false);
    expect(leftReady(now, undefined)("iris")).toBe(false);
  });

  test("as was what is made of the list, if the list is the same", () => {
    expect(leftReady(before, before)("modelfleet-default-backend")).toBe(true);
    const longer = { ...before, models: { ...before.models, churn: "4" } };
    expect(leftReady(longer, before)("modelfleet-default-backend")).toBe(false);
  });
});
