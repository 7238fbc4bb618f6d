import { expect, test } from "vitest";
import { withFallbackResources } from "../../../config/resources";

test.each([
  ["are the fallback where nothing is said", {}, { cpu: "100m", memory: "256Mi" }, { memory: "1Gi" }],
  [
    "keep the fallback's other resources",
    { requests: { cpu: "2" }, limits: { cpu: "4" } },
    { cpu: "2", memory: "256Mi" },
    { cpu: "4", memory: "1Gi" },
  ],
  [
    "have a limit that rises to a request above it",
    { requests: { memory: "2Gi" } },
    { cpu: "100m", memory: "2Gi" },
    { memory: "2Gi" },
  ],
  [
    "have a request that falls to a limit below it",
    { limits: { memory: "128Mi" } },
    { cpu: "100m", memory: "128Mi" },
    { memory: "128Mi" },
  ],
  ["are none where an empty map says so", { requests: {}, limits: {} }, {}, {}],
])("resources %s", (_what, own, requests, limits) => {
  expect(withFallbackResources(own)).toEqual({ requests, limits });
});
