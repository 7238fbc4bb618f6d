import { describe, expect, test } from "vitest";
import { neededFeatures, type Needing } from "../../../../components/routing/features";
import { NO_GATEWAY } from "../../../support/settings";

const FLEET: Needing = { gateway: NO_GATEWAY, models: [{ id: "iris" }], routing: {} };

const needed = (more: Partial<Needing> = {}) =>
  neededFeatures({ ...FLEET, ...more }).map(({ feature, setting }) => `${setting}: ${feature}`);

const REWRITE = "routing.flavour: HTTPRoutePathRewrite";

describe("a fleet needs of the Gateway API", () => {
  test("that a path is stripped, if it has a model", () => {
    expect(needed()).toEqual([REWRITE]);
    expect(needed({ models: [] })).toEqual([]);
  });

  test("a redirect to another scheme and port, if its own Gateway redirects", () => {
    const create = { className: "a", httpPort: 80, httpsPort: 443, annotations: {} };
    const tls = { redirect: true };
    expect(needed({ gateway: { ...NO_GATEWAY, create }, routing: { tls } })).toEqual([
      REWRITE,
      "routing.tls.redirect: HTTPRouteSchemeRedirect",
      "routing.tls.redirect: HTTPRoutePortRedirect",
    ]);
    expect(needed({ routing: { tls } })).toEqual([REWRITE]);
  });

  test("limits of the time of a request", () => {
    expect(needed({ routing: { timeoutSeconds: 1 } })).toEqual([
      REWRITE,
      "routing.timeoutSeconds: HTTPRouteRequestTimeout",
    ]);
    expect(needed({ models: [{ id: "iris", route: { timeoutSeconds: 1 } }] })).toEqual([
      REWRITE,
      "catalog.iris.route.timeoutSeconds: HTTPRouteRequestTimeout",
    ]);
  });

  test("mirrors, also of a share and to several variants; the first setting is named", () => {
    const models = ["iris", "wine"].map((id) => ({
      id,
      challengers: [
        { variant: "a", mirrorPercent: 100 },
        { variant: "b", mirrorPercent: 5 },
        { variant: "c", mirrorPercent: 0 },
      ],
    }));
    expect(needed({ models })).toEqual([
      REWRITE,
      "catalog.iris.variants.a.mirrorPercent: HTTPRouteRequestMirror",
      "catalog.iris.variants.b.mirrorPercent: HTTPRouteRequestPercentageMirror",
      "catalog.iris.variants.b.mirrorPercent: HTTPRouteRequestMultipleMirrors",
    ]);
  });
});
