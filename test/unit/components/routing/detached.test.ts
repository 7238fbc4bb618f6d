import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { detached, onceApplied } from "../../../../components/routing/detached";
import { existingRoute, type Route } from "../../../../components/routing/route";
import { modelOf } from "../../../support/settings";

test("a Service that was applied has its plain name", async () => {
  expect(await onceApplied({ isKnown: Promise.resolve(true) }, "iris")).toBe("iris");
});

test("a Service that was not applied keeps every route as it is", async () => {
  await expect(onceApplied({ isKnown: Promise.resolve(false) }, "iris")).rejects.toThrow(
    "no route was changed, because service/iris was not applied; correct the errors above, and run the update again",
  );
});

test("an Ingress of detached routes depends on no Service", async () => {
  const route: Route = {
    ...{ id: "iris", paths: ["/models/iris"] },
    backends: [{ variant: "default", service: pulumi.output("iris"), weight: 100 }],
  };
  const service = detached(route).backends[0]?.service as unknown as {
    allResources(): Promise<Set<unknown>>;
  };
  expect(await service.allResources()).toEqual(new Set());
});

test("the route of a model that is left as it is has the names that its objects have", () => {
  const model = modelOf({
    path: "/flowers",
    aliases: ["/old"],
    champion: "a",
    variants: { a: {}, default: {} },
  });
  expect(existingRoute(model)).toEqual({
    id: "iris",
    paths: ["/flowers", "/old"],
    host: undefined,
    backends: [
      { variant: "a", service: "iris-a", weight: 100, mirrorPercent: undefined, headers: undefined },
      { variant: "default", service: "iris", weight: 0, mirrorPercent: undefined, headers: undefined },
    ],
  });
  expect(detached(existingRoute(model))).toEqual(existingRoute(model));
});
