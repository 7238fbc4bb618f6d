import { multiplied } from "../fleet/quantity";
import { nearest } from "../lib/nearest";
import { isMap } from "./merge";
import { problem } from "./problem";
import type { ResourceProfile } from "./settings/placement";
import type { VariantRule } from "./variant-rules";

type Profiles = Readonly<Record<string, ResourceProfile>>;

/**
 * The layers of a model's settings, with its hardware below the layer that names it: what that layer and later ones set
 * wins over the profile. A later profile takes the place of the whole former one, and null removes it.
 */
export function withProfile(layers: readonly unknown[], profiles: Profiles): unknown[] {
  const naming = layers.findLastIndex((layer) => isMap(layer) && layer["resourceProfile"] !== undefined);
  const layer = layers[naming];
  const profile = isMap(layer) ? settingsOf(layer["resourceProfile"], profiles) : undefined;
  return profile === undefined ? [...layers] : layers.toSpliced(naming, 0, profile);
}

function settingsOf(value: unknown, profiles: Profiles): object | undefined {
  const { name, count } = parsed(value);
  const profile = profiles[name];
  if (profile === undefined) return undefined;
  const { requests = {}, limits = {}, shm, ...rest } = profile;
  const times = (quantities: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(quantities).map(([key, one]) => [key, multiplied(one, count)]));
  const known = Object.entries(rest).filter(([, setting]) => setting !== undefined);
  return {
    resources: { requests: times(requests), limits: times(limits) },
    ...(shm !== undefined && { shm: multiplied(shm, count) }),
    ...Object.fromEntries(known),
  };
}

/** A mistake in it is a problem of the schema. */
function parsed(value: unknown): { readonly name: string; readonly count: number } {
  const [name = "", count = "1"] = String(value).split(":");
  return { name, count: /^\d{1,4}$/.test(count) ? Number(count) : 1 };
}

/** A profile must exist. */
export const knownProfile: VariantRule = ({ at, settings: { resourceProfile: own }, fleet }) => {
  const names = Object.keys(fleet.resourceProfiles);
  const { name } = parsed(own);
  if (own === undefined || names.includes(name)) return [];
  const near = nearest(name, names);
  const known = names.length === 0 ? "resourceProfiles has none" : `known are ${names.sort().join(", ")}`;
  const fix = near === undefined ? known : `did you mean "${near}"?`;
  return [problem(`${at}.resourceProfile`, own, "names no profile of resourceProfiles", fix)];
};
