import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import type { PartialModelSettings } from "./model-schema";
import { type Model, resolveFleet } from "./resolve";

/**
 * The settings of a model that a program makes itself, checked as those of a stack are, with every default.
 *
 * @param id The model's ID.
 * @param settings As in a `catalog` entry.
 * @param pathPrefix As `routing.pathPrefix`.
 * @throws pulumi.RunError with every problem at once
 */
export function modelSettings(
  id: string,
  settings: PartialModelSettings & { readonly image: string },
  pathPrefix = "/models",
): Omit<Model<never>, "id"> {
  const values = { models: [id], catalog: { [id]: settings }, routing: { pathPrefix } };
  const raw = Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]);
  try {
    const [model] = resolveFleet(Object.fromEntries(raw) as Record<string, string>).models;
    const { challengers, ...champion } = model as Model;
    return { ...champion, secretEnv: {}, challengers: challengers.map((one) => ({ ...one, secretEnv: {} })) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const text = error.message.replace("the stack's settings", `modelSettings(${JSON.stringify(id)})`);
    throw asRunError(new UserError(text));
  }
}
