import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { detached, onceApplied } from "../../../../components/routing/detached";
import { existingRoute } from "../../../../components/routing/route";
import { modelOf } from "../../../support/settings";

/** A Service as the SDK has it after its registration. A failed one has no ID. */
const service = (isKnown: boolean) =>
  ({
    id: { isKnown: Promise.resolve(isKnown), promise: () => Promise.resolve("models/iris") },
  }) as unknown as pulumi.CustomResource;

test("a Service that was applied has its plain name", async () => {
  expect(await onceApplied(service(true), "iris")).toBe("iris");
});

test("a Service that was not applied keeps every route as it is", async () => {
  await expect(onceApplied(service(false), "iris")).rejects.toThrow(
    "no route was changed, because service/iris was not applied; correct the errors above, and run the update again",
  );
});

test("an Ingress of detached routes depends on no Service", async () => {
  const backend = { variant: "default", service: "iris", weight: 100, object: service(true) };
  const [made] = detached({ id: "iris", paths: ["/models/iris"], backends: [backend] }).backends;
  const name = made?.service as unknown as {
    promise(): Promise<string>;
    allResources(): Promise<Set<unknown>>;
  };
  expect([await name.promise(), await name.allResources()]).toEqual(["iris", new Set()]);
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
