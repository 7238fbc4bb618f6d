import * as pulumi from "@pulumi/pulumi";
import { type Announcement, type Kind, KIND_NAMES } from "../fleet/objects";
import { isOwn, VERSION_OF } from "../fleet/owner";
import { type Api, connect } from "../kubernetes/api";
import { autoscaledObjects, stopAutoscalers } from "./autoscalers";
import { mutableArtefacts, oldForImages } from "./checks/artefacts";
import { missingCertificate } from "./checks/certificate";
import { anotherCluster } from "./checks/cluster";
import { manyDeletions, protectedModels } from "./checks/deletions";
import { unsuitableGateway } from "./checks/gateway";
import { movedHost, movedPaths } from "./checks/moved";
import { otherModels, otherSelectors, takenNames, unknownKinds } from "./checks/names";
import { movedNamespace, terminatingNamespace } from "./checks/namespace";
import { missingNeeded } from "./checks/needed";
import { unplaceable } from "./checks/placement";
import { unknownFields } from "./checks/pod-fields";
import { refusedPods } from "./checks/pod-security";
import { refusedFields } from "./checks/refused-fields";
import { missingRights } from "./checks/rights";
import { takenRoutes } from "./checks/routes";
import { fallingReplicas, missingMetrics, scaleToZero } from "./checks/scaling";
import { unreadyVariants } from "./checks/variants";
import { undoDrift } from "./drift";
import { asShown, type Check, type Finding, type OwnershipArgs, type Plan, reportOf } from "./finding";
import { swappedPaths } from "./handover";
import type { LastUpdate } from "./last-update";
import { managesNamespace } from "./manages-namespace";
import { outdatedOnes } from "./outdated";
import { type Existing, readSnapshot, type Snapshot } from "./snapshot";
import { type Limits, refusePart } from "./targeted";

/** Every check, in the order of the report. A new one is a file in `checks/` and a line here. */
const CHECKS: readonly Check[] = [
  anotherCluster,
  terminatingNamespace,
  movedNamespace,
  unknownKinds,
  takenNames,
  otherSelectors,
  otherModels,
  takenRoutes,
  unsuitableGateway,
  refusedPods,
  unknownFields,
  refusedFields,
  missingNeeded,
  oldForImages,
  mutableArtefacts,
  unplaceable,
  fallingReplicas,
  scaleToZero,
  missingMetrics,
  missingCertificate,
  movedPaths,
  movedHost,
  swappedPaths,
  unreadyVariants,
  protectedModels,
  manyDeletions,
  missingRights,
];

/** What was found in the cluster. */
export interface Ownership {
  /** Whether the fleet manages the namespace: it is missing, or this stack made it. */
  readonly managesNamespace: boolean;
  /** Names of the stack's Secret versions, including those that no pod needs; not those of models left as they are. */
  readonly secretVersions: readonly string[];
  /** The cluster's ID, for the stack's outputs; that of the last update if the account may not read it. */
  readonly clusterId: string | undefined;
  /** Whether there are objects that the state does not know to be changed. */
  readonly isOutdated: boolean;
  readonly snapshot: Snapshot;
}

/**
 * Checks before anything is registered that the cluster is the right one, and that every announced name and every path
 * is free or the stack's own: an object that is applied with force would silently take over another team's object.
 *
 * @param last The outputs of the stack's last update.
 * @param before The connection, what was found with it already, and the limits of an update of some models only.
 * @throws pulumi.RunError with every problem at once, or that says why the cluster does not respond
 */
export async function checkOwnership(
  args: OwnershipArgs,
  announcements: readonly Announcement[],
  last: Promise<LastUpdate>,
  before: {
    readonly api?: Api;
    readonly findings?: readonly Finding[];
    readonly limits?: Limits | undefined;
  } = {},
): Promise<Ownership> {
  let writes = false;
  try {
    const { api = connect(args.cluster), findings = [], limits } = before;
    const isPreview = pulumi.runtime.isDryRun();
    const snapshot = await readSnapshot(api, { ...args, kinds: kindsOf(announcements), last, isPreview });
    const announced = new Set<string>(announcements.map(({ object }) => object));
    const plan = { ...args, announced, isPreview };
    await report(plan, snapshot, findings);
    if (limits !== undefined) refusePart(plan, snapshot, limits);
    const untouched = new Set<string>(limits?.untouched.map(({ object }) => object));
    const objects = [...snapshot.objects.values()]
      .flat()
      .filter(({ object }) => announced.has(object) && !untouched.has(object));
    writes = true;
    if (!isPreview) await stopAutoscalers(api, args, snapshot, announced);
    const outdated = await outdatedOnes(objects, snapshot.last, args);
    await undoDrift(api, objects, args, { autoscaled: autoscaledObjects(args), outdated });
    return {
      managesNamespace: managesNamespace(snapshot, args.stack),
      secretVersions: versionsAmong(snapshot, args.stack, untouched),
      clusterId: snapshot.clusterId ?? snapshot.last.clusterId,
      isOutdated: outdated.size > 0,
      snapshot,
    };
  } catch (error) {
    throw asShown(error, args.stack, writes);
  }
}

/** Runs every check, logs what is no error, and throws the rest. */
async function report(plan: Plan, snapshot: Snapshot, before: readonly Finding[]): Promise<void> {
  const findings = [...before, ...CHECKS.flatMap((check) => check(plan, snapshot))];
  for (const { level, text } of findings) {
    if (level === "warning") await pulumi.log.warn(text);
    if (level === "info") await pulumi.log.info(text);
  }
  const error = reportOf(findings, plan, snapshot);
  if (error !== undefined) throw error;
}

function kindsOf(announcements: readonly Announcement[]): Kind[] {
  const announced = new Set(announcements.map(({ object }) => object.split("/")[0]));
  // Deployments always: which models an update deletes is to be known, also of all.
  return KIND_NAMES.filter((kind) => kind === "deployment" || announced.has(kind));
}

/** The stack's Secret versions, including those of models that are not announced any more. */
function versionsAmong({ objects }: Snapshot, stack: string, untouched: ReadonlySet<string>): string[] {
  const ownerOf = ({ metadata }: Existing) => metadata.annotations?.[VERSION_OF];
  return (objects.get("secret") ?? [])
    .filter((secret) => isOwn(secret.metadata, stack) && ownerOf(secret) !== undefined)
    .filter((secret) => !untouched.has(`secret/${ownerOf(secret)}`))
    .map(({ metadata }) => metadata.name ?? "");
}
