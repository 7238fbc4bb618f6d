import { expect, test } from "vitest";
import { withDefaultResources } from "../../../config/rules";

const DEFAULTS = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } };

test.each([
  ["all defaults if nothing is set", {}, { cpu: "100m", memory: "256Mi" }, { memory: "1Gi" }],
  [
    "its own resources, and the defaults for those that are not set",
    { requests: { cpu: "2" }, limits: { cpu: "4" } },
    { cpu: "2", memory: "256Mi" },
    { cpu: "4", memory: "1Gi" },
  ],
  [
    "a default limit, raised to a request above it",
    { requests: { memory: "2Gi" } },
    { cpu: "100m", memory: "2Gi" },
    { memory: "2Gi" },
  ],
  [
    "a default request, lowered to a limit below it",
    { limits: { memory: "128Mi" } },
    { cpu: "100m", memory: "128Mi" },
    { memory: "128Mi" },
  ],
  ["no resources if both maps are empty", { requests: {}, limits: {} }, {}, {}],
])("a pod has %s", (_what, own, requests, limits) => {
  expect(withDefaultResources(own, DEFAULTS)).toEqual({ requests, limits });
});
