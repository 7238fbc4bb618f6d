import { join } from "node:path";
import { isExecutable } from "../../executable";
import { clusterEnvironment } from "../processes";

/** The machine's programs that a real node needs, each with its Debian package. */
const COMMANDS = {
  bash: "bash",
  catatonit: "catatonit",
  containerd: "containerd",
  ctr: "containerd",
  ip: "iproute2",
  mount: "mount",
  nft: "nftables",
  nsenter: "util-linux",
  runc: "runc",
  unshare: "util-linux",
} as const;

/** Where other systems than Debian have catatonit, which nobody types. */
const CATATONIT_FOLDERS = [
  "/usr/libexec/podman",
  "/usr/libexec/catatonit",
  "/usr/lib/podman",
  "/usr/lib/catatonit",
];

const CNI_FOLDERS = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];
const CNI_PLUGINS = ["host-local", "ptp"];

/** Absolute paths of what a real node needs from the machine. */
export interface Prerequisites {
  readonly containerd: string;
  readonly cniFolder: string;
}

/** Why a machine cannot have a real node. */
export interface Missing {
  /** One sentence. */
  readonly reason: string;
  /** The Debian packages that are missing, sorted; empty when packages do not help. */
  readonly packages: readonly string[];
}

/** Finds what a real node needs, or why this machine cannot have one. */
export function findPrerequisites(): Prerequisites | Missing {
  if (process.platform !== "linux")
    return { reason: `a real node needs Linux, but this is ${process.platform}`, packages: [] };
  if (process.getuid?.() !== 0)
    return { reason: "a real node needs root, but this command runs as another user", packages: [] };
  const missing = Object.entries(COMMANDS).filter(
    ([command]) => !(command === "catatonit" ? findCatatonit() : findCommand(command)),
  );
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

/** The path of one of the machine's programs, also in folders such as /usr/sbin; undefined when there is none. */
export function findCommand(name: string): string | undefined {
  const folders = (clusterEnvironment("/")["PATH"] ?? "").split(":");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The path of catatonit, which is a program of podman's more than of a user's. */
export function findCatatonit(): string | undefined {
  return (
    findCommand("catatonit") ??
    CATATONIT_FOLDERS.map((folder) => join(folder, "catatonit")).find(isExecutable)
  );
}
