import { describe, expect, test } from "vitest";
import { problemsOfController } from "../../../config/controller";
import type { ControllerName } from "../../../config/resolve";
import { fleetOf, IMAGE, problems, withImage } from "../../support/settings";

function problemsOf(controller: ControllerName, values: Record<string, unknown>): string[] {
  const { routing, models } = fleetOf({ defaults: { image: IMAGE }, ...values });
  return problemsOfController({ ingress: { controller }, routing, models });
}

const LIMITS = { routing: { timeoutSeconds: 300, maxBodySize: "20Mi" } };

test.each([
  ["5x", 'is not a Kubernetes quantity such as "500m", "2" or "1.5Gi"'],
  ["500m", "is not a size in bytes; write it as 20Mi"],
  ["0", "is not a size in bytes; write it as 20Mi"],
])("the largest body may not be %s", (maxBodySize, rule) => {
  expect(problems(withImage({ routing: { maxBodySize } }))).toEqual([
    `routing.maxBodySize: "${maxBodySize}" ${rule}`,
  ]);
});

describe("what a controller cannot do is a problem:", () => {
  test("limits of requests with Traefik, and with a controller that is not known", () => {
    expect(problemsOf("nginx", LIMITS)).toEqual([]);
    expect(problemsOf("traefik", LIMITS)).toEqual([
      "routing.timeoutSeconds: 300 is a limit that only ingress-nginx has for an Ingress, and ingress.controller is traefik; remove it: Traefik waits as long as the model takes",
      'routing.maxBodySize: "20Mi" is a limit that only ingress-nginx has for an Ingress, and ingress.controller is traefik; remove it: Traefik would keep each request and each answer until it is complete, so that no answer could be streamed',
    ]);
    expect(problemsOf("none", LIMITS)).toEqual([
      "routing.timeoutSeconds: 300 is a limit that only ingress-nginx has for an Ingress, and ingress.controller is none; remove it, and set the controller's own annotation in ingress.annotations",
      'routing.maxBodySize: "20Mi" is a limit that only ingress-nginx has for an Ingress, and ingress.controller is none; remove it, and set the controller\'s own annotation in ingress.annotations',
    ]);
  });

  test("a redirect to HTTPS with a controller that is not known", () => {
    const tls = (redirect: boolean) => ({ routing: { host: "a.example", tls: { redirect } } });
    expect(problemsOf("none", tls(true))).toEqual([
      "routing.tls.redirect: true is not possible with ingress.controller none; set it to false, and set the controller's own annotation in ingress.annotations",
    ]);
    expect(problemsOf("none", tls(false))).toEqual([]);
    expect(problemsOf("traefik", tls(true))).toEqual([]);
  });

  test("paths that differ only in case with ingress-nginx", () => {
    const values = {
      models: "a,b,c",
      catalog: {
        a: { path: "/models/Iris" },
        b: { path: "/models/iris" },
        c: { aliases: ["/MODELS/IRIS/c"] },
      },
    };
    expect(problemsOf("traefik", values)).toEqual([]);
    expect(problemsOf("nginx", values)).toEqual([
      'catalog.b.path: "/models/iris" is inside the path of "a" (/models/Iris), and ingress-nginx compares paths without case; give one of them another path',
      'catalog.c.aliases[0]: "/MODELS/IRIS/c" is inside the path of "a" (/models/Iris), and ingress-nginx compares paths without case; give one of them another path',
    ]);
  });
});

test("gRPC goes through any controller but ingress-nginx", () => {
  const values = { catalog: { iris: { protocol: "grpc", host: "a.example" } } };
  expect(problemsOf("nginx", values)).toEqual([
    'catalog.iris.protocol: "grpc" is not possible with ingress-nginx, which speaks one protocol with all models of an Ingress; set routing.flavour to gateway, or use Traefik',
  ]);
  expect(problemsOf("traefik", values)).toEqual([]);
});
