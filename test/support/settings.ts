import { expect } from "vitest";
import type { IsSecret } from "../../config/secrecy";
import { resolveFleet } from "../../config/settings";

/** An image for tests that never pull one. */
export const IMAGE = "registry.example/model:1";

/** Config as Pulumi stores it: maps and lists as JSON. */
export function config(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Each line of the report that settings lead to; none where they are good. */
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

/** Settings of one model with an image, and what a test is about. */
export const withImage = (values: Record<string, unknown>) => ({
  models: "iris",
  defaults: { image: IMAGE },
  ...values,
});
