import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { ModelService } from "../../../../components/model-service";
import { createNamespace } from "../../../../components/namespace";
import { createPullSecret } from "../../../../components/pull-secret";
import { ModelIngress } from "../../../../components/routing/model-ingress";
import { resolveFleet } from "../../../../config/settings";
import { BENCH_STACK, IMAGE, modelIds, REGISTRY } from "../../../../dev/bench/fleet";
import { inOrder, renderFleet } from "../../../../dev/bench/objects";
import { registered } from "../../../support/mocks";

test("a larger fleet begins with the models of a smaller one", () => {
  expect(modelIds(11).slice(0, 10)).toEqual(modelIds(10));
  expect(new Set(modelIds(300)).size).toBe(300);
  expect([...modelIds(300)].sort()).toEqual(modelIds(300));
});

test("kubectl and Python get exactly the objects that modelfleet creates", async () => {
  const models = modelIds(2);
  const made = await registered(() => program("bench", models));
  const objects = made
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ type, inputs }) => plainObject(type, inputs));
  const rendered = inOrder(renderFleet({ namespace: "bench", models }));
  const name = ({ kind, metadata }: { kind?: unknown; metadata?: unknown }) =>
    `${String(kind)} ${(metadata as { name: string }).name}`;
  const sorted = <T extends { kind?: unknown; metadata?: unknown }>(list: readonly T[]) =>
    [...list].sort((a, b) => (name(a) < name(b) ? -1 : 1));
  expect(sorted(objects)).toEqual(sorted(JSON.parse(JSON.stringify(rendered)) as typeof objects));
});

/** What index.ts makes of the settings that the contender "modelfleet" writes. */
function program(namespace: string, ids: readonly string[]): void {
  const raw = { models: JSON.stringify(ids), defaults: JSON.stringify({ image: IMAGE }) };
  const { models, ingress } = resolveFleet({ ...raw, namespace });
  const place = { namespace, stack: BENCH_STACK };
  createNamespace(namespace, BENCH_STACK);
  const pullSecret = createPullSecret(place, REGISTRY).metadata.name;
  const routes = models.map((model) => {
    const { serviceName } = new ModelService(model.id, { ...model, ...place, pullSecret });
    return { id: model.id, path: model.path, service: serviceName };
  });
  new ModelIngress("models", { ...ingress, ...place, pullSecret, routes });
}

interface PlainObject {
  readonly kind?: unknown;
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** An object's inputs as a manifest, without the annotations for Pulumi. */
function plainObject(type: string, inputs: Readonly<Record<string, unknown>>): PlainObject {
  const { metadata, ...rest } = unwrapped(inputs) as PlainObject;
  const { annotations = {}, ...own } = metadata;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith("pulumi.com/"));
  return {
    kind: type.split(":").at(-1),
    ...rest,
    metadata: { ...own, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) },
  };
}

/** Mocks get secrets in an envelope with a signature. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const { value: inner } = value as { value?: unknown };
  if ((pulumi.runtime.specialSigKey as string) in value) return unwrapped(inner);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapped(item)]));
}
