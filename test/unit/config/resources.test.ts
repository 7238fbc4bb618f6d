import { expect, test } from "vitest";
import { problemsOfResources, withDefaultResources } from "../../../config/resources";

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

test.each([
  [
    { limits: { memory: "512m" } },
    'limits.memory: is a fraction of a byte ("m" means a thousandth); did you mean "512Mi"?',
  ],
  [{ requests: { memory: "0.5" } }, 'requests.memory: is a fraction of a byte; write "1Mi"'],
  [{ limits: { memory: "1.1Gi" } }, 'limits.memory: is a fraction of a byte; write "1127Mi"'],
  [
    { limits: { "hugepages-2Mi": "3Mi" } },
    "limits.hugepages-2Mi: is no multiple of a page; give a multiple of 2Mi",
  ],
  [
    { requests: { cpu: "0.5m" } },
    "requests.cpu: is finer than a thousandth of a CPU, to which Kubernetes rounds; give a multiple of 1m",
  ],
  [
    { requests: { cpu: "0.0000000001" } },
    "requests.cpu: is finer than a thousandth of a CPU, to which Kubernetes rounds; give a multiple of 1m",
  ],
  [
    { limits: { "nvidia.com/gpu": "0.5" } },
    "limits.nvidia.com/gpu: must be an integer: this resource has no parts",
  ],
  [
    { requests: { "nvidia.com/gpu": "1" } },
    "requests.nvidia.com/gpu: has no limit, which Kubernetes wants for this resource; set limits.nvidia.com/gpu to 1 instead",
  ],
  [
    { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "2" } },
    "requests.nvidia.com/gpu: is not the limit of 2, and for this resource both must be equal; remove the request",
  ],
  [
    { requests: { "hugepages-2Mi": "4Mi" } },
    "requests.hugepages-2Mi: has no limit, which Kubernetes wants for this resource; set limits.hugepages-2Mi to 4Mi instead",
  ],
  [
    { requests: { cpu: "2" }, limits: { cpu: "1" } },
    "requests.cpu: is more than the limit of 1; lower it or raise limits.cpu",
  ],
])("resources may not be %j", (own, expected) => {
  expect(problemsOfResources(own).map(({ path, message }) => `${path.join(".")}: ${message}`)).toEqual([
    expected,
  ]);
});

test.each([
  { requests: { cpu: "0.5", memory: "1.5Gi" } },
  { requests: { cpu: "250m", "ephemeral-storage": "1e9" } },
  { limits: { "nvidia.com/gpu": "1" } },
  { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "1" } },
])("resources may be %j", (own) => {
  expect(problemsOfResources(own)).toEqual([]);
});
