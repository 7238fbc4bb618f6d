import { artefactOf } from "../fleet/artefact";
import { DEFAULT_VARIANT } from "../fleet/names";
import type { Needed, NeededKind } from "../fleet/needed";
import type { FleetSettings } from "./fleet-schema";
import { isMap } from "./merge";
import { type Model, type Variant, variantsOf } from "./model";
import type { ModelSettings, SHARED_SETTINGS } from "./model-schema";
import type { NetworkPolicySettings } from "./network-schema";
import { pathText } from "./problem";

/** The settings that may name objects. */
type Naming = Omit<ModelSettings, (typeof SHARED_SETTINGS)[number]>;

interface Named {
  readonly kind: NeededKind;
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** What each group of settings names. An object that may be missing (`optional`) is not needed. */
const NAMING: readonly ((settings: Naming) => readonly Named[])[] = [
  ({ env, envFrom, initContainers, sidecars, podSpec }) =>
    namedIn({ env, envFrom, initContainers, sidecars, podSpec }),
  ({ volumes }) =>
    Object.entries(volumes).flatMap(([volume, { pvc, configMap, secret }]) => {
      const at = (key: string) => ["volumes", volume, key];
      return [
        ...named("persistentvolumeclaim", pvc, at("pvc")),
        ...named("configmap", configMap, at("configMap")),
        ...named("secret", secret, at("secret")),
      ];
    }),
  ({ cache, ...settings }) => {
    const artefact = artefactOf({ cache, ...settings });
    if (artefact?.how === "claim") return named("persistentvolumeclaim", artefact.claim, ["storageUri"]);
    return named("persistentvolumeclaim", artefact && cache, ["cache"]);
  },
  ({ serviceAccountName }) => named("serviceaccount", serviceAccountName, ["serviceAccountName"]),
  ({ priorityClassName }) => named("priorityclass", priorityClassName, ["priorityClassName"]),
  ({ runtimeClassName }) => named("runtimeclass", runtimeClassName, ["runtimeClassName"]),
  ({ podSpec = {} }) => BY_NAME.flatMap(([field, kind]) => named(kind, podSpec[field], ["podSpec", field])),
  ({ resourceClaims = [] }) =>
    resourceClaims.flatMap(({ resourceClaimName: claim, resourceClaimTemplateName: template }, index) => [
      ...named("resourceclaim", claim, ["resourceClaims", index]),
      ...named("resourceclaimtemplate", template, ["resourceClaims", index]),
    ]),
  ({ network }) => namespacesOf(network).map((one) => ({ ...one, path: ["network", ...one.path] })),
];

/** The fields of a pod that are the name of an object. */
const BY_NAME: readonly (readonly [field: string, kind: NeededKind])[] = [
  ["serviceAccountName", "serviceaccount"],
  ["priorityClassName", "priorityclass"],
  ["runtimeClassName", "runtimeclass"],
];

/** The fields by which a pod refers to an object of its namespace, with the field of that one's name. */
const REFERENCES: readonly (readonly [field: string, kind: NeededKind, name: string])[] = [
  ["secretRef", "secret", "name"],
  ["secretKeyRef", "secret", "name"],
  ["configMapRef", "configmap", "name"],
  ["configMapKeyRef", "configmap", "name"],
  // Of a volume, and of a part of one.
  ["secret", "secret", "secretName"],
  ["secret", "secret", "name"],
  ["configMap", "configmap", "name"],
  ["persistentVolumeClaim", "persistentvolumeclaim", "claimName"],
];

/** The objects that a part of a pod in Kubernetes' own form refers to. */
function namedIn(value: unknown, path: readonly (string | number)[] = []): Named[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => namedIn(item, [...path, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([field, item]) => {
    const references = REFERENCES.filter(([one]) => one === field);
    if (references.length === 0 || !isMap(item)) return namedIn(item, [...path, field]);
    if (item["optional"] === true) return [];
    return references.flatMap(([, kind, key]) => named(kind, item[key], [...path, field]));
  });
}

function named(kind: NeededKind, name: unknown, path: readonly (string | number)[]): Named[] {
  return typeof name === "string" ? [{ kind, name, path }] : [];
}

/** The objects that the settings of a model or a variant name, with the paths inside of these. */
export function namedObjects(settings: Naming): Named[] {
  return NAMING.flatMap((naming) => naming(settings));
}

/** Every object of others that the models need, once per setting that names it. */
export function neededObjects(models: readonly Model<unknown>[]): Needed[] {
  return models.flatMap((model) =>
    variantsOf(model).flatMap((variant) => {
      const at = variantPath(model, variant.variant);
      return namedObjects(variant).map(({ kind, name, path }) => ({ kind, name, path: pathText(path, at) }));
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
  return (["from", "to"] as const).flatMap((key) =>
    (network?.[key] ?? []).flatMap(({ namespace }, index) =>
      named("namespace", namespace, [key, index, "namespace"]),
    ),
  );
}

/** The path of a variant's settings, as messages show it: `catalog.iris`, `catalog.iris.variants.candidate`. */
export function variantPath(
  {
    id,
    variant,
    challengers,
  }: Pick<Model<unknown>, "id" | "variant"> & { readonly challengers: readonly unknown[] },
  name: string,
): string {
  const hasVariants = challengers.length > 0 || variant !== DEFAULT_VARIANT;
  return hasVariants ? pathText(["catalog", id, "variants", name]) : `catalog.${id}`;
}
