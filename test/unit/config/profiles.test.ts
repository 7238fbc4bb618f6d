import { describe, expect, test } from "vitest";
import { fleetOf, problems, withImage } from "../../support/settings";

const L4 = {
  requests: { cpu: "4", memory: "1.5Gi" },
  limits: { "nvidia.com/gpu": 1, memory: "3Gi" },
  nodeSelector: { accelerator: "l4" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
  runtimeClassName: "nvidia",
  shm: "1Gi",
};
const H100 = { limits: { "nvidia.com/gpu": 1 }, nodeSelector: { pool: "h100" } };
const PROFILES = { l4: L4, h100: H100 };

/** The resolved model `iris`. */
function resolved(iris: object, defaults: object = {}) {
  const settings = withImage({ resourceProfiles: PROFILES, catalog: { iris } });
  const [model] = fleetOf({ ...settings, defaults: { ...settings.defaults, ...defaults } }).models;
  return model;
}

describe("a profile", () => {
  test("gives a pod its resources, as often as its count, and its place", () => {
    expect(resolved({ resourceProfile: "l4:2" })).toMatchObject({
      resources: {
        requests: { cpu: "8", memory: "3Gi" },
        limits: { "nvidia.com/gpu": "2", memory: "6Gi" },
      },
      nodeSelector: { accelerator: "l4" },
      tolerations: L4.tolerations,
      runtimeClassName: "nvidia",
      shm: "2Gi",
    });
  });

  test("counts once without a number, and gives way to what is set beside it", () => {
    const own = { resourceProfile: "l4", resources: { requests: { cpu: "1" } }, runtimeClassName: null };
    const model = resolved(own);
    expect(model?.resources.requests).toEqual({ cpu: "1", memory: "1.5Gi" });
    expect(model?.resources.limits).toEqual({ "nvidia.com/gpu": "1", memory: "3Gi" });
    expect(model?.runtimeClassName).toBeUndefined();
  });

  test("wins over what the defaults set, and takes the place of their whole profile", () => {
    const defaults = { resourceProfile: "l4", resources: { requests: { cpu: "7" } } };
    const model = resolved({ resourceProfile: "h100:4" }, defaults);
    expect(model?.resources.limits).toEqual({ "nvidia.com/gpu": "4", memory: "1Gi" });
    expect(model?.nodeSelector).toEqual({ pool: "h100" });
    expect(model?.tolerations).toBeUndefined();
  });

  test("is removed by null", () => {
    expect(resolved({ resourceProfile: null }, { resourceProfile: "l4" })?.nodeSelector).toBeUndefined();
  });

  test("may differ between the variants of a model", () => {
    const variants = { a: {}, b: { resourceProfile: "h100" } };
    const model = resolved({ resourceProfile: "l4", champion: "a", variants });
    expect(model?.nodeSelector).toEqual({ accelerator: "l4" });
    expect(model?.challengers[0]?.nodeSelector).toEqual({ pool: "h100" });
  });
});

test.each([
  ["l5", 'did you mean "l4"?'],
  ["tpu", "known are h100, l4"],
])("the profile %s is an error", (resourceProfile, fix) => {
  const settings = withImage({ resourceProfiles: PROFILES, catalog: { iris: { resourceProfile } } });
  expect(problems(settings)).toEqual([
    `catalog.iris.resourceProfile: "${resourceProfile}" names no profile of resourceProfiles; ${fix}`,
  ]);
});
