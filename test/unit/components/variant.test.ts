import { expect, test } from "vitest";
import { ModelService } from "../../../components/model-service";
import type { Route } from "../../../components/routing/route";
import { manifests, type Registered, registered } from "../../../dev/registered";
import { modelOf } from "../../support/settings";

/** The resources of the model `iris`, and its route. */
async function made(
  settings: Record<string, unknown>,
): Promise<{ resources: readonly Registered[]; route: Route }> {
  const { id, ...model } = modelOf(settings);
  let route: Route | undefined;
  const resources = await registered(() => {
    ({ route } = new ModelService(id, { ...model, namespace: "models", stack: "dev" }));
  });
  if (route === undefined) throw new Error("there is no route");
  return { resources, route };
}

const TWO = {
  champion: "default",
  variants: { default: {}, b: { image: "x/y:2", service: { labels: { tier: "b" } } } },
};

test("each variant has a Secret, a Deployment and a Service; those of default are of a model without variants", async () => {
  const [{ resources: single }, { resources: both }] = [await made({}), await made(TWO)];
  expect(both).toEqual(expect.arrayContaining([...single]));
  const others = both.filter(
    (one) => !single.some(({ type, name }) => type === one.type && name === one.name),
  );
  expect(others.map(({ name }) => name)).toEqual(["iris/b", "iris/b", "iris/b"]);
  expect(manifests(others)).toMatchObject([
    {
      kind: "Deployment",
      metadata: {
        name: "iris-b",
        labels: { "app.kubernetes.io/name": "iris", "modelfleet.dev/variant": "b" },
      },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "iris", "modelfleet.dev/variant": "b" } },
        template: {
          metadata: { labels: { "app.kubernetes.io/name": "iris", "modelfleet.dev/variant": "b" } },
          spec: {
            containers: [
              {
                image: "x/y:2",
                env: [{ name: "HOME" }, { name: "MODEL_NAME", value: "iris" }, { name: "PORT" }],
              },
            ],
          },
        },
      },
    },
    { kind: "Secret", metadata: { name: "iris-b-env", labels: { "modelfleet.dev/variant": "b" } } },
    {
      kind: "Service",
      metadata: { name: "iris-b", labels: { tier: "b", "modelfleet.dev/variant": "b" } },
      spec: { selector: { "app.kubernetes.io/name": "iris", "modelfleet.dev/variant": "b" } },
    },
  ]);
});

test("another champion changes no object, only which backend is first", async () => {
  const [before, after] = [await made(TWO), await made({ ...TWO, champion: "b" })];
  expect(after.resources).toEqual(before.resources);
  expect(before.route.backends.map(({ variant, weight }) => [variant, weight])).toEqual([
    ["default", 100],
    ["b", 0],
  ]);
  expect(after.route.backends.map(({ variant, weight }) => [variant, weight])).toEqual([
    ["b", 100],
    ["default", 0],
  ]);
});

test("a protected model protects its champion only, so that challengers can go", async () => {
  const { resources } = await made({ ...TWO, protect: true });
  const marked = manifests(resources).filter(
    ({ metadata }) => metadata.annotations?.["modelfleet.dev/protect"] === "true",
  );
  expect(marked.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(["Deployment iris"]);
});
