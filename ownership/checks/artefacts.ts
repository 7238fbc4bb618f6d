import { variantPath } from "../../config/needed";
import { artefactOf, type ArtefactSettings, mutability } from "../../fleet/artefact";
import { DEFAULT_VARIANT } from "../../fleet/names";
import type { Finding, Plan } from "../finding";
import type { Snapshot } from "../snapshot";

type Models = Pick<Plan, "models">;

/** The artefacts of all variants, with the path of each address. */
function artefactsOf({ models }: Models): { path: string; settings: ArtefactSettings }[] {
  return models.flatMap((model) => {
    const { id, variant = DEFAULT_VARIANT, challengers = [] } = model;
    const known = { id, variant, challengers: challengers as never[] };
    return [{ ...model, variant }, ...challengers]
      .filter(({ storageUri }) => storageUri !== undefined)
      .map((settings) => ({ path: `${variantPath(known, settings.variant)}.storageUri`, settings }));
  });
}

/** The paths of several settings with one problem. */
function together(paths: readonly string[]): string {
  const others = paths.length - 1;
  return `${paths[0]}${others === 0 ? "" : ` (and ${others} more)`}`;
}

const imagesOf = (plan: Models) =>
  artefactsOf(plan).filter(({ settings }) => artefactOf(settings)?.how === "image");

/**
 * Refuses image volumes where the API server drops them without a word, so that the server would find an empty folder.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/
 */
export function oldForImages(plan: Models, { version }: Pick<Snapshot, "version">): Finding[] {
  const paths = imagesOf(plan).map(({ path }) => path);
  if (paths.length === 0 || version === undefined || version.major !== 1 || version.minor >= 35) return [];
  const at = `${together(paths)}: oci:// is an image volume`;
  if (version.minor >= 33) {
    const text = `${at}, which this cluster (${version.text}) has only with the feature gate ImageVolume, in the API server and the nodes; without it the pods are refused`;
    return [{ level: "warning", text }];
  }
  const fix = "use another scheme, such as s3:// or pvc://, or upgrade the cluster to 1.35";
  return [{ level: "error", text: `${at}, and this cluster (${version.text}) is too old for it; ${fix}` }];
}

/** Names the artefacts whose content may change without an update, which no rollback would bring back. */
export function mutableArtefacts(plan: Models): Finding[] {
  const byReason = new Map<string, string[]>();
  for (const { path, settings } of artefactsOf(plan)) {
    const reason = mutability(settings);
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  }
  return [...byReason].map(([reason, paths]) => ({
    level: "warning",
    text: `${together(paths)}: ${reason}`,
  }));
}
