import { variantPath } from "../../config/needed";
import { artefactOf, mutability } from "../../fleet/artefact";
import { DEFAULT_VARIANT } from "../../fleet/names";
import type { Finding, Plan, PlannedVariant } from "../finding";
import type { Snapshot } from "../snapshot";

type Models = Pick<Plan, "models">;

/** All variants, with the path of each one's settings. */
function variantsOf({ models }: Models): { path: string; settings: PlannedVariant }[] {
  return models.flatMap((model) => {
    const { id, variant = DEFAULT_VARIANT, challengers = [] } = model;
    return [{ ...model, variant }, ...challengers].map((settings) => ({
      path: variantPath({ id, variant, challengers }, settings.variant),
      settings,
    }));
  });
}

/** The paths of several settings with one problem. */
function together(paths: readonly string[]): string {
  const others = paths.length - 1;
  return `${paths[0]}${others === 0 ? "" : ` (and ${others} more)`}`;
}

/** The paths of the settings that ask for an image volume. */
function imagesOf(plan: Models): string[] {
  return variantsOf(plan).flatMap(({ path, settings }) => [
    ...(artefactOf(settings)?.how === "image" ? [`${path}.storageUri`] : []),
    ...Object.entries(settings.volumes ?? {}).flatMap(([name, { image }]) =>
      image === undefined ? [] : [`${path}.volumes.${name}.image`],
    ),
  ]);
}

/**
 * Refuses image volumes where the API server drops them without a word, so that the server would find an empty folder.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/
 */
export function oldForImages(plan: Models, { version }: Pick<Snapshot, "version">): Finding[] {
  const paths = imagesOf(plan);
  if (paths.length === 0 || version === undefined || version.major !== 1 || version.minor >= 35) return [];
  const at = `${together(paths)}: is an image volume`;
  if (version.minor >= 33) {
    const text = `${at}, which this cluster (Kubernetes ${version.major}.${version.minor}) has only with the feature gate ImageVolume, in the API server and the nodes; without it the pods are refused`;
    return [{ level: "warning", text }];
  }
  const fix = "use another scheme, such as s3:// or pvc://, or upgrade the cluster to 1.35";
  return [
    {
      level: "error",
      text: `${at}, and this cluster (Kubernetes ${version.major}.${version.minor}) is too old for it; ${fix}`,
    },
  ];
}

/** Names the artefacts whose content may change without an update, which no rollback would bring back. */
export function mutableArtefacts(plan: Models): Finding[] {
  const byReason = new Map<string, string[]>();
  for (const { path, settings } of variantsOf(plan)) {
    const reason = mutability(settings);
    if (reason === undefined) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), `${path}.storageUri`]);
  }
  return [...byReason].map(([reason, paths]) => ({
    level: "warning",
    text: `${together(paths)}: ${reason}`,
  }));
}
