import { expect, test } from "vitest";
import { modelsTakenOver } from "../../../ownership/taken-over";

const ingress = (paths: string[], more: object = {}) => ({
  metadata: { name: "old", namespace: "models", ...more },
  spec: { rules: [{ http: { paths: paths.map((path) => ({ path })) } }] },
});
const taken = (adopt: string[], ingresses: object[], seesAllIngresses = true) => {
  const models = ["iris", "wine"].map((id) => ({ id, path: `/models/${id}` }));
  return modelsTakenOver(
    { adopt, namespace: "models", models, routing: {} },
    { ingresses, seesAllIngresses },
  );
};

test("models are taken over whose paths an accepted Ingress routes", () => {
  const old = ingress(["/models/wine(/|$)(.*)", "/other"]);
  expect(taken(["ingress/models/old"], [old])).toEqual(["wine"]);
  expect(taken(["service/wine"], [old])).toEqual([]);
  expect(taken(["ingress/models/old"], [ingress(["/other"])])).toEqual([]);
  expect(taken(["ingress/models/old"], [ingress(["/models/wine"], { deletionTimestamp: "now" })])).toEqual(
    [],
  );
});

test("all models are taken over if the account may not look at an accepted Ingress", () => {
  expect(taken(["ingress/elsewhere/old"], [], false)).toEqual(["iris", "wine"]);
  expect(taken(["ingress/models/old"], [], false)).toEqual([]);
  expect(taken(["ingress/elsewhere/old"], [])).toEqual([]);
});
