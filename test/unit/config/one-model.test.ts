import { expect, test } from "vitest";
import { modelSettings } from "../../../config/one-model";
import { fleetOf } from "../../support/settings";

test("the settings of one model are those that it has in a fleet", () => {
  const own = { image: "registry.example/iris:1", replicas: 2, env: { BATCH: 8 } };
  const [inFleet] = fleetOf({ models: "iris", catalog: { iris: own } }).models;
  expect(modelSettings("iris", own)).toEqual(inFleet);
  expect(modelSettings("iris", own, "/own").path).toBe("/own/iris");
});

test("their problems are one error, which names the call", () => {
  const call = () => modelSettings("iris", { image: "registry.example/iris:1", port: 0, replicas: -1 });
  expect(call).toThrow(`2 problems in modelSettings("iris"); nothing was changed:
  catalog.iris.port: 0 must be at least 1
  catalog.iris.replicas: -1 must be at least 0`);
});
