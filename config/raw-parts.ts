import { variantPath } from "./needed";
import { pathText } from "./problem";
import { type Model, variantsOf } from "./resolve";

/** A setting in Kubernetes' own form. */
export interface RawPart {
  /** Its path, such as `catalog.iris.podSpec`. */
  readonly path: string;
  /** The type of the core kinds that it is one of, or a part of one. */
  readonly type: "PodSpec" | "Container";
  readonly value: unknown;
}

/** All such settings of the models, the same value of several models once. */
export function rawParts(models: readonly Model<unknown>[]): RawPart[] {
  const all = models.flatMap((model) =>
    variantsOf(model).flatMap(({ variant, podSpec, initContainers = [], sidecars = [] }): RawPart[] => {
      const at = variantPath(model, variant);
      const containers = (list: string, values: readonly unknown[]) =>
        values.map((value, index): RawPart => ({
          path: pathText([list, index], at),
          type: "Container",
          value,
        }));
      return [
        ...(podSpec === undefined
          ? []
          : [{ path: pathText(["podSpec"], at), type: "PodSpec" as const, value: podSpec }]),
        ...containers("initContainers", initContainers),
        ...containers("sidecars", sidecars),
      ];
    }),
  );
  // Those of `defaults` are in every model.
  const first = new Map<string, RawPart>();
  for (const part of all) {
    const key = JSON.stringify([part.type, part.value]);
    if (!first.has(key)) first.set(key, part);
  }
  return [...first.values()];
}
