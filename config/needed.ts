import { DEFAULT_VARIANT } from "../fleet/names";
import type { Needed } from "../fleet/needed";
import { type Model, type Variant, variantsOf } from "./model";
import { pathText } from "./problem";

/** The objects that a variant names, with the paths inside its settings. */
type Naming = (
  settings: Variant<unknown>,
) => { kind: Needed["kind"]; name: string; path: (string | number)[] }[];

/** What each group of settings names. An object that may be missing (`optional`) is not needed. */
const NAMING: readonly Naming[] = [
  ({ envFrom = [] }) =>
    envFrom.flatMap(({ secretRef, configMapRef }, index) => [
      ...(secretRef === undefined || secretRef.optional === true
        ? []
        : [{ kind: "secret" as const, name: secretRef.name, path: ["envFrom", index, "secretRef"] }]),
      ...(configMapRef === undefined || configMapRef.optional === true
        ? []
        : [
            { kind: "configmap" as const, name: configMapRef.name, path: ["envFrom", index, "configMapRef"] },
          ]),
    ]),
  ({ serviceAccountName }) =>
    serviceAccountName === undefined
      ? []
      : [{ kind: "serviceaccount", name: serviceAccountName, path: ["serviceAccountName"] }],
  ({ priorityClassName: name }) =>
    name === undefined ? [] : [{ kind: "priorityclass", name, path: ["priorityClassName"] }],
  ({ runtimeClassName: name }) =>
    name === undefined ? [] : [{ kind: "runtimeclass", name, path: ["runtimeClassName"] }],
  ({ resourceClaims = [] }) =>
    resourceClaims.map(({ resourceClaimName, resourceClaimTemplateName = "" }, index) => ({
      kind: resourceClaimName === undefined ? "resourceclaimtemplate" : "resourceclaim",
      name: resourceClaimName ?? resourceClaimTemplateName,
      path: ["resourceClaims", index],
    })),
];

/** Every object of others that the models need, once per setting that names it. */
export function neededObjects(models: readonly Model<unknown>[]): Needed[] {
  return models.flatMap((model) =>
    variantsOf(model).flatMap((variant) => {
      const at = variantPath(model, variant.variant);
      const named = NAMING.flatMap((naming) => naming(variant));
      return named.map(({ kind, name, path }) => ({ kind, name, path: pathText(path, at) }));
    }),
  );
}

/** The path of a variant's settings, as messages show it: `catalog.iris`, `catalog.iris.variants.candidate`. */
export function variantPath(
  { id, variant, challengers }: Pick<Model<unknown>, "id" | "variant" | "challengers">,
  name: string,
): string {
  const hasVariants = challengers.length > 0 || variant !== DEFAULT_VARIANT;
  return hasVariants ? pathText(["catalog", id, "variants", name]) : `catalog.${id}`;
}
