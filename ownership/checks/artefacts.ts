import { imageVolumes, mutability } from "../../fleet/artefact";
import { type ClusterFacts, isAtLeast } from "../cluster-facts";
import type { Finding, Plan } from "../finding";
import { plannedVariants, withOthers } from "../planned";

type Models = Pick<Plan, "models">;
type Facts = Partial<ClusterFacts>;

/** The paths of the settings that ask for an image volume. */
function imagesOf(plan: Models): string[] {
  return plannedVariants(plan).flatMap(({ at, settings }) =>
    imageVolumes(settings).map((key) => `${at}.${key}`),
  );
}

/** What else a model can have, as the fix. */
const INSTEAD = "use another scheme, such as s3:// or pvc://";

/**
 * Refuses image volumes where the API server drops them without a word, so that the server would find an empty folder.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/
 */
export function oldForImages(plan: Models, { version, nodes }: Facts): Finding[] {
  const paths = imagesOf(plan);
  if (paths.length === 0) return [];
  const at = `${withOthers(paths[0] ?? "", paths.length - 1)}: is an image volume`;
  if (version === undefined || isAtLeast(version, { major: 1, minor: 35 })) return oldNodes(at, nodes);
  const text = `Kubernetes ${version.major}.${version.minor}`;
  if (!isAtLeast(version, { major: 1, minor: 33 })) {
    const fix = `${INSTEAD}, or upgrade the cluster to 1.35`;
    return [{ level: "error", text: `${at}, and this cluster (${text}) is too old for it; ${fix}` }];
  }
  const gate = "only with the feature gate ImageVolume, in the API server and the nodes";
  return [
    { level: "warning", text: `${at}, which this cluster (${text}) has ${gate}` },
    ...oldNodes(at, nodes),
  ];
}

/** Nodes whose container runtime cannot mount images: a pod there waits for its container in vain. */
function oldNodes(at: string, nodes: Facts["nodes"] = []): Finding[] {
  const runtimes = nodes.map(({ status }) => status?.nodeInfo?.containerRuntimeVersion ?? "");
  const old = runtimes.filter(isOldRuntime);
  if (old.length === 0) return [];
  const needed = "containerd 2.1 or CRI-O 1.31";
  const has = `has ${[...new Set(old)].sort().join(", ").replaceAll("://", " ")}`;
  if (old.length === nodes.length)
    return [
      { level: "error", text: `${at}, which needs nodes with ${needed}, and every node ${has}; ${INSTEAD}` },
    ];
  const text = `${at}, which needs nodes with ${needed}, and ${old.length} of ${nodes.length} ${has}`;
  return [{ level: "warning", text: `${text}: keep its pods off these with nodeSelector` }];
}

/** The first versions that mount images, as major and minor numbers. */
const FIRST: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  containerd: [2, 1],
  "cri-o": [1, 31],
};

function isOldRuntime(text: string): boolean {
  const [, name = "", major = "", minor = ""] = /^([a-z-]+):\/\/v?(\d+)\.(\d+)/.exec(text) ?? [];
  const first = FIRST[name];
  if (first === undefined) return false;
  return !isAtLeast({ major: Number(major), minor: Number(minor) }, { major: first[0], minor: first[1] });
}

/** Names the artefacts whose content may change without an update, which no rollback would bring back. */
export function mutableArtefacts(plan: Models): Finding[] {
  const byReason = new Map<string, string[]>();
  for (const { at, settings } of plannedVariants(plan)) {
    const reason = mutability(settings);
    if (reason === undefined) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), `${at}.storageUri`]);
  }
  return [...byReason].map(([reason, paths]) => ({
    level: "warning",
    text: `${withOthers(paths[0] ?? "", paths.length - 1)}: ${reason}`,
  }));
}
