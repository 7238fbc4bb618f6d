import { without } from "../../config/merge";
import type { ContainerObject, PodSpec, SecurityContext } from "./objects";
import type { Draft } from "./remarks";

/** What a security context asks for beyond what every container has. */
export function rightsOf({
  privileged,
  allowPrivilegeEscalation,
  capabilities,
  procMount = "Default",
}: SecurityContext = {}): string[] {
  return [
    ...(privileged === true ? ["privileged"] : []),
    ...(privileged !== true && allowPrivilegeEscalation === true ? ["allowPrivilegeEscalation"] : []),
    ...(capabilities?.add ?? []),
    ...(procMount === "Default" ? [] : [`procMount ${procMount}`]),
  ];
}

/**
 * Carries over as whom the containers run, and what else their security contexts say. The fleet's own values stand: no
 * more rights, the seccomp profile of the container runtime.
 *
 * @param others The containers beside the server, for which the pod's user counts too.
 */
export function carrySecurity(
  pod: PodSpec,
  server: ContainerObject,
  others: readonly ContainerObject[],
  draft: Draft,
): void {
  const ofPod = pod.securityContext ?? {};
  const { runAsUser: podUser, runAsNonRoot } = ofPod;
  const more = without(ofPod, ["runAsUser", "runAsNonRoot", "seccompProfile"]);
  const { securityContext = {} } = server;
  const ownUser = securityContext.runAsUser;
  const isShared = others.length === 0 || ownUser === undefined;
  draft.settings["runAsUser"] = isShared ? (ownUser ?? podUser) : podUser;
  if (!isShared && ownUser !== podUser) draft.addToContainer("securityContext", { runAsUser: ownUser });
  if (Object.keys(more).length > 0) draft.addToPod("securityContext", more);
  carrySeccomp(ofPod, draft, (value) => draft.addToPod("securityContext", value));
  carryOwn(securityContext, draft);
  const roots = others.filter((one) => (one.securityContext?.runAsUser ?? podUser) === 0);
  if ((ownUser ?? podUser) === 0 || roots.length > 0)
    becomeBaseline((ownUser ?? podUser) === 0, roots, draft);
  else if ((securityContext.runAsNonRoot ?? runAsNonRoot) === false)
    draft.note(
      "its runAsNonRoot: false is not carried over: if its image runs as root, set runAsUser to another user, or podSecurity to baseline",
    );
}

/** What the fleet says of every container, or a setting does. */
const OF_THE_FLEET = [
  ...(["runAsUser", "runAsNonRoot", "readOnlyRootFilesystem", "privileged"] as const),
  ...(["allowPrivilegeEscalation", "capabilities", "procMount", "seccompProfile"] as const),
] as const;

/** What the server's own security context says besides its user and its disk. */
function carryOwn(own: SecurityContext, draft: Draft): void {
  const others = without(own, OF_THE_FLEET);
  if (Object.keys(others).length > 0) draft.addToContainer("securityContext", others);
  carrySeccomp(own, draft, (value) => draft.addToContainer("securityContext", value));
  const rights = rightsOf(own);
  if (rights.length > 0)
    draft.note(
      `its privileges (${rights.join(", ")}) are not carried over: the fleet's pods pass the restricted Pod Security Standard`,
    );
}

function carrySeccomp(
  { seccompProfile }: SecurityContext,
  draft: Draft,
  carry: (value: object) => void,
): void {
  const { type } = seccompProfile ?? {};
  if (type === "Localhost") carry({ seccompProfile });
  else if (type !== undefined && type !== "RuntimeDefault")
    draft.note(`its seccomp profile ${type} is not carried over: every pod of a fleet has RuntimeDefault`);
}

function becomeBaseline(isServer: boolean, roots: readonly ContainerObject[], draft: Draft): void {
  draft.settings["podSecurity"] = "baseline";
  const rule =
    "podSecurity: baseline, and the fleet's namespace must admit such pods; better give it another runAsUser";
  if (isServer) draft.note(`it runs as root, so it gets ${rule}`);
  else
    for (const { name } of roots) draft.note(`its container ${name} runs as root, so the model gets ${rule}`);
}
