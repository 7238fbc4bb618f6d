import { execa } from "execa";
import { apply, kubectl, type KubectlAccess } from "../kubectl";
import { clusterEnvironment } from "../processes";
import { NODE_NAME, PAUSE_IMAGE } from "./config";
import { nsenterArguments } from "./namespaces";

const POD = "modelfleet-probe";

/** Whether the node's containerd answers. */
export async function containerdAnswers(directory: string): Promise<boolean> {
  const enter = await nsenterArguments(directory);
  if (!enter) return false;
  const options = { extendEnv: false, env: clusterEnvironment(directory), reject: false };
  const { failed } = await execa("nsenter", [...enter, "ctr", "version"], options);
  return !failed;
}

/** Whether the kubelet has registered the node and reports it Ready. */
export async function isNodeReady(access: KubectlAccess): Promise<boolean> {
  const ready = `{.status.conditions[?(@.type=="Ready")].status}`;
  return (await answer(access, ["get", "node", NODE_NAME, "--output", `jsonpath=${ready}`])) === "True";
}

/** Creates the probe pod, with the security settings of the fleet's own pods. */
export async function createProbe(access: KubectlAccess): Promise<void> {
  await apply(access, [probeAccount(), probePod()]);
}

/** Whether the probe pod runs, which proves that containerd, runc, CNI, cgroups and seccomp work. */
export async function isProbeRunning(access: KubectlAccess): Promise<boolean> {
  const query = ["get", "pod", POD, "--namespace", "default", "--output", "jsonpath={.status.phase}"];
  return (await answer(access, query)) === "Running";
}

/** Why the probe pod does not run: its latest warning event; empty when there is none. */
export async function probeComplaint(access: KubectlAccess): Promise<string> {
  const selector = `involvedObject.name=${POD},type=Warning`;
  const path = "jsonpath={.items[-1:].message}";
  return (
    (await answer(access, ["get", "events", "-n", "default", "--field-selector", selector, "-o", path])) ?? ""
  );
}

/** Removes the probe pod at once. */
export async function deleteProbe(access: KubectlAccess): Promise<void> {
  const objects = [`pod/${POD}`, `serviceaccount/${POD}`];
  await kubectl(access, ["delete", ...objects, "--namespace", "default", "--grace-period=0", "--force"]);
}

/** The probe's own account: the controller manager takes seconds to create the namespace's default one. */
function probeAccount(): object {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: POD, namespace: "default" } };
}

function probePod(): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: POD, namespace: "default" },
    spec: {
      serviceAccountName: POD,
      automountServiceAccountToken: false,
      nodeName: NODE_NAME,
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "pause",
          image: PAUSE_IMAGE,
          imagePullPolicy: "Never",
          securityContext: {
            ...{ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            readOnlyRootFilesystem: true,
          },
        },
      ],
    },
  };
}

async function answer(access: KubectlAccess, args: readonly string[]): Promise<string | undefined> {
  return kubectl(access, args).catch(() => undefined);
}
