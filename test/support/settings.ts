import { expect } from "vitest";
import { type Fleet, type Model, resolveFleet } from "../../config/resolve";
import type { IsSecret } from "../../config/secrecy";
import { chooseIngress } from "../../kubernetes/ingress-class";

/** An image for tests that never pull one. */
export const IMAGE = "registry.example/model:1";

/** The Gateway of settings that name none. */
export const NO_GATEWAY = {
  name: "modelfleet",
  namespace: undefined,
  sectionName: undefined,
  create: undefined,
} as const;

/** Config as Pulumi stores it: maps and lists as JSON. */
export function config(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** The IngressClasses of a cluster that serves both controllers. */
export const CLASSES = [
  { name: "nginx", controller: "k8s.io/ingress-nginx", isDefault: true },
  { name: "traefik", controller: "traefik.io/ingress-controller", isDefault: false },
];

/** A resolved fleet of the model `iris` with an image, behind ingress-nginx, unless the settings say otherwise. */
export function fleetOf(values: Record<string, unknown> = {}): Fleet {
  const fleet = resolveFleet(config(withImage(values)));
  const { className = "nginx" } = fleet.ingress;
  // Of any other class, the settings say the controller.
  const classes = CLASSES.some(({ name }) => name === className) ? CLASSES : undefined;
  const { ingress, problems: found } = chooseIngress(fleet.ingress, classes);
  expect(found).toEqual([]);
  return { ...fleet, ingress };
}

/** The resolved settings of the one model `iris`. */
export function modelOf(settings: Record<string, unknown> = {}): Model {
  const [model] = fleetOf({ catalog: { iris: settings } }).models;
  if (model === undefined) throw new Error("there is no model");
  return model;
}

/** The lines of the report on settings; empty if they are correct. */
export function problems(values: Record<string, unknown>, isSecret?: IsSecret): string[] {
  try {
    resolveFleet(config(values), isSecret);
  } catch (error) {
    const [head, ...lines] = (error as Error).message.split("\n");
    expect(head).toMatch(/^\d+ problems? in the stack's settings; nothing was changed:$/);
    return lines.map((line) => line.trim());
  }
  return [];
}

/** Settings of one model with an image, overridden by a test's own settings. */
export const withImage = (values: Record<string, unknown>) => ({
  models: "iris",
  defaults: { image: IMAGE },
  ...values,
});

/** Settings of a fleet on the Gateway `shared` of others. @param routing Merged over `routing`. */
export const onGateway = (routing: Record<string, unknown> = {}) => ({
  gateway: { name: "shared" },
  routing: { flavour: "gateway", ...routing },
});
