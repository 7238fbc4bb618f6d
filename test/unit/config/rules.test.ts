import { expect, test } from "vitest";
import { problems, withImage } from "../../support/settings";

test.each<[string, Record<string, unknown>, string]>([
  [
    "an address instead of a host name",
    { routing: { host: "192.168.1.10" } },
    'routing.host: "192.168.1.10" is an address, not a host name; remove it and set routing.url',
  ],
  [
    "an annotation that Kubernetes refuses together with a class name",
    { ingress: { annotations: { "kubernetes.io/ingress.class": "nginx" } } },
    "set ingress.className",
  ],
  [
    "the class of the Ingress as an annotation of all objects",
    { annotations: { "kubernetes.io/ingress.class": "nginx" } },
    "set ingress.className",
  ],
  [
    "an annotation for another container",
    {
      catalog: {
        iris: { annotations: { "container.apparmor.security.beta.kubernetes.io/x": "runtime/default" } },
      },
    },
    "is refused by Kubernetes for these pods or Services; remove it",
  ],
  [
    "a value of an annotation that the API server reads as a number",
    { catalog: { iris: { annotations: { "controller.kubernetes.io/pod-deletion-cost": "1.5" } } } },
    '"1.5" is not a number below 1,000,000,000',
  ],
  [
    "a Pod Security Standard that does not exist",
    { labels: { "pod-security.kubernetes.io/warn": "strict" } },
    '"strict" is not one of privileged, baseline, restricted',
  ],
  [
    "the name of a variable that is too long for a Secret's key",
    { secrets: { iris: { ["A".repeat(254)]: "x" } } },
    "at most 253",
  ],
  ["a NUL character in a variable", { catalog: { iris: { env: { A: "a\0b" } } } }, "has a NUL character"],
  [
    "a registry that is not a host",
    { registry: { server: "registry example", username: "u", password: "p" } },
    "registry.server: is not the host of a registry, such as registry.example.com",
  ],
  [
    "an unknown resource",
    { catalog: { iris: { resources: { limits: { mem: "1Gi" } } } } },
    'the name "mem" is not a resource name',
  ],
  [
    "a user ID above the kernel's limit",
    { catalog: { iris: { runAsUser: 5_000_000_000 } } },
    "must be at most 2147483647",
  ],
  ["a path with a segment ..", { catalog: { iris: { path: "/a/../b" } } }, '"/a/../b" is not a path'],
  [
    "a string that is not a label value",
    { catalog: { iris: { labels: { team: "a b" } } } },
    '"a b" is not a label value',
  ],
  [
    "a number that is not a label value",
    { catalog: { iris: { labels: { team: -1 } } } },
    "-1 is not a label value",
  ],
  [
    "an annotation that controls Pulumi",
    { catalog: { iris: { annotations: { "pulumi.com/waitFor": "x" } } } },
    'the name "pulumi.com/waitFor" is set by modelfleet itself',
  ],
  ["secrets of an impossible model", { secrets: { Iris: { A: "x" } } }, 'did you mean "iris"?'],
  [
    "a number that would lose digits",
    { catalog: { iris: { env: { ID: 2 ** 53 } } } },
    "is a number too large to be kept exactly; put it in quotes",
  ],
])("a value that Kubernetes would refuse is found without the cluster: %s", (_what, values, message) => {
  const found = problems(withImage(values));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
