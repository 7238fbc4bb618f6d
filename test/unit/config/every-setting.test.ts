import { describe, expect, test } from "vitest";
import { createFleet } from "../../../components/fleet";
import { fleetSettings } from "../../../config/fleet-schema";
import { partialModel, share, variantsOfModel } from "../../../config/model-schema";
import { settingRows } from "../../../dev/docs/setting-rows";
import { manifests, registered } from "../../../dev/registered";
import {
  ELSEWHERE,
  FLEET,
  MODEL,
  NEEDING,
  ROUTE,
  SHARE,
  UNSEEN,
  VARIANTS,
  withValue,
} from "../../support/samples";
import { fleetOf, onGateway } from "../../support/settings";

/** Everything that settings affect: the inputs of each resource, and the stack's outputs. */
async function outcome(settings: Record<string, unknown>): Promise<unknown> {
  const fleet = fleetOf(settings);
  let outputs: unknown;
  const resources = await registered(() => {
    const { urls, models } = createFleet({ ...fleet, stack: "dev" }, { managesNamespace: true });
    outputs = { urls, models };
  });
  return { objects: manifests(resources), outputs };
}

describe("two values of a setting give two results", () => {
  test.each(Object.entries(FLEET))("%s of the fleet", async (path, [one, other, beside = {}]) => {
    const [first, second] = [withValue(beside, path, one), withValue(beside, path, other)];
    expect(await outcome(first)).not.toEqual(await outcome(second));
    expect(await outcome(first)).toEqual(await outcome(first));
  });

  test.each(Object.entries({ ...MODEL, ...VARIANTS }))(
    "%s of a model",
    async (path, [one, other, beside]) => {
      const settings = (value: unknown) => ({ catalog: { iris: withValue(beside ?? {}, path, value) } });
      expect(await outcome(settings(one))).not.toEqual(await outcome(settings(other)));
      expect(await outcome(settings(one))).toEqual(await outcome(settings(one)));
    },
  );
});

test.each(Object.entries(ROUTE))(
  "two values of %s of a model give two results",
  async (path, [one, other]) => {
    const settings = (value: unknown) => ({ ...onGateway(), catalog: { iris: withValue({}, path, value) } });
    expect(await outcome(settings(one))).not.toEqual(await outcome(settings(other)));
  },
);

test.each(Object.entries(NEEDING))(
  "two values of %s of a model give two results",
  async (path, [one, other, fleet]) => {
    const settings = (value: unknown) => ({ ...fleet, catalog: { iris: withValue({}, path, value) } });
    expect(await outcome(settings(one))).not.toEqual(await outcome(settings(other)));
  },
);

test.each(Object.entries(SHARE))(
  "two values of %s of a variant give two results",
  async (path, [one, other]) => {
    const settings = (value: unknown) => ({
      ...onGateway(),
      catalog: { iris: { champion: "a", variants: { a: {}, b: { [path]: value } } } },
    });
    expect(await outcome(settings(one))).not.toEqual(await outcome(settings(other)));
  },
);

test("every setting has two values in this test (fix: give a new setting two values here)", () => {
  const keys = (rows: { key: string }[]) => rows.map(({ key }) => key).sort();
  expect([...Object.keys(FLEET), ...ELSEWHERE].sort()).toEqual(keys(settingRows(fleetSettings)));
  const ofModels = [MODEL, NEEDING, ROUTE].flatMap((table) => Object.keys(table));
  expect([...ofModels, ...UNSEEN].sort()).toEqual(keys(settingRows(partialModel)));
  expect(Object.keys(VARIANTS).sort()).toEqual(keys(settingRows(variantsOfModel)));
  expect(Object.keys(SHARE).sort()).toEqual(keys(settingRows(share)));
});
