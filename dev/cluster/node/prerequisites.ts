import { join } from "node:path";
import { isExecutable } from "../../executable";
import { clusterEnvironment } from "../processes";

/** Programs of the machine that a real node runs on, with the Debian package that brings each. */
const COMMANDS = {
  bash: "bash",
  containerd: "containerd",
  ctr: "containerd",
  ip: "iproute2",
  mount: "mount",
  nft: "nftables",
  nsenter: "util-linux",
  runc: "runc",
  unshare: "util-linux",
} as const;

const CNI_FOLDERS = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];
const CNI_PLUGINS = ["host-local", "ptp"];

/** What a real node runs on, by absolute path. */
export interface Prerequisites {
  readonly containerd: string;
  readonly cniFolder: string;
}

/** Why a machine cannot have a real node. */
export interface Missing {
  /** In one sentence. */
  readonly reason: string;
  /** Debian's packages that would mend it, sorted; empty where no package does. */
  readonly packages: readonly string[];
}

/** Either what a real node runs on, or why this machine cannot have one. */
export function findPrerequisites(): Prerequisites | Missing {
  if (process.platform !== "linux")
    return { reason: `a real node needs Linux, and this is ${process.platform}`, packages: [] };
  if (process.getuid?.() !== 0)
    return { reason: "a real node needs root, and this command runs without it", packages: [] };
  const missing = Object.entries(COMMANDS).filter(([command]) => !findCommand(command));
  const cniFolder = CNI_FOLDERS.find((folder) =>
    CNI_PLUGINS.every((name) => isExecutable(join(folder, name))),
  );
  const names = [
    ...missing.map(([name]) => name),
    ...(cniFolder ? [] : ["the CNI plugins ptp and host-local"]),
  ];
  const packages = [
    ...new Set([...missing.map(([, name]) => name), ...(cniFolder ? [] : ["containernetworking-plugins"])]),
  ].sort();
  const containerd = findCommand("containerd");
  if (containerd && cniFolder && names.length === 0) return { containerd, cniFolder };
  return {
    reason: `a real node needs ${names.join(", ")}; on Debian: apt-get install ${packages.join(" ")}`,
    packages,
  };
}

/** The path of a program of the machine, in the folders in which root's programs are too; undefined when there is none. */
export function findCommand(name: string): string | undefined {
  const folders = (clusterEnvironment("/")["PATH"] ?? "").split(":");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}
