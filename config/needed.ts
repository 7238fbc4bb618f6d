import { DEFAULT_VARIANT } from "../fleet/names";
import type { Needed } from "../fleet/needed";
import type { FleetSettings } from "./fleet-schema";
import { type Model, type Variant, variantsOf } from "./model";
import type { NetworkPolicySettings } from "./network-schema";
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
  ({ network }) => namespacesOf(network).map((one) => ({ ...one, path: ["network", ...one.path] })),
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

/** What the fleet as a whole needs besides: the namespaces that its network policy names. */
export function neededByFleet({ networkPolicy }: Pick<FleetSettings, "networkPolicy">): Needed[] {
  if (networkPolicy?.enabled !== true) return [];
  return namespacesOf(networkPolicy).map(({ path, ...one }) => ({
    ...one,
    path: pathText(["networkPolicy", ...path]),
  }));
}

function namespacesOf(network: Pick<NetworkPolicySettings, "from" | "to"> | Variant<unknown>["network"]) {
  const named = (key: "from" | "to") =>
    (network?.[key] ?? []).flatMap(({ namespace }, index) =>
      namespace === undefined
        ? []
        : [{ kind: "namespace" as const, name: namespace, path: [key, index, "namespace"] }],
    );
  return [...named("from"), ...named("to")];
}

/** The path of a variant's settings, as messages show it: `catalog.iris`, `catalog.iris.variants.candidate`. */
export function variantPath(
  { id, variant, challengers }: Pick<Model<unknown>, "id" | "variant" | "challengers">,
  name: string,
): string {
  const hasVariants = challengers.length > 0 || variant !== DEFAULT_VARIANT;
  return hasVariants ? pathText(["catalog", id, "variants", name]) : `catalog.${id}`;
}
