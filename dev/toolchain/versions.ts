import { join } from "node:path";

/** Every program that the fleet, the local cluster and their tests run beside Node. */
export type ToolName =
  | "pulumi"
  | "pulumi-language-nodejs"
  | "pulumi-resource-kubernetes"
  | "kubectl"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubelet"
  | "kube-proxy"
  | "etcd"
  | "kwok"
  | "kwokctl"
  | "traefik";

/** What is known about one program: which version, how it is built, and when an installed one serves instead. */
export interface Tool {
  /** The pinned version, without a leading `v`. */
  readonly version: string;
  /** The folder of `tools/go` whose go.mod and go.sum pin the program. */
  readonly folder: string;
  /** The Go module that carries the version. */
  readonly module: string;
  /** The version as the Go module proxy writes it. @default `v` + version */
  readonly moduleVersion?: string;
  /** The package to build, as `go build` takes it. */
  readonly package: string;
  /** Go variable that gets the version at link time, with its value. @default none: the program knows its version */
  readonly stamp?: string;
  /** Arguments that make the program print its version. @default none: it is never taken from PATH on its own */
  readonly versionArgs?: readonly string[];
  /** Whether a program of this version, found on PATH, serves. @default only the pinned version */
  readonly serves?: (version: string) => boolean;
}

export const PULUMI_VERSION = "3.232.0";
export const PROVIDER_VERSION = "4.25.0";
export const KUBERNETES_VERSION = "1.36.3";
export const ETCD_VERSION = "3.6.6";
export const KWOK_VERSION = "0.8.0";
export const TRAEFIK_VERSION = "3.7.13";

/** The oldest Go that builds the programs: the `go` line of every go.mod. */
export const GO_VERSION = "1.26.0";

/** The ACME client that Traefik's build needs a reduced copy of, with the hash that the download must have. */
export const LEGO = {
  module: "github.com/go-acme/lego/v5",
  version: "v5.4.1",
  sum: "h1:Jt6xAP9xQrJ3SLLGgxejfDDd3pzdrmuLCWe4oTqHHQc=",
} as const;

/** Folder of the Go modules. */
export const GO_MODULES = join(import.meta.dirname, "go");

/** One program of Kubernetes itself. */
function kubernetes(command: string): Tool {
  return {
    version: KUBERNETES_VERSION,
    folder: "kubernetes",
    module: "k8s.io/kubernetes",
    package: `k8s.io/kubernetes/cmd/${command}`,
    stamp: `k8s.io/component-base/version.gitVersion=v${KUBERNETES_VERSION}`,
    versionArgs: ["--version"],
  };
}

/** One program of KWOK. */
function kwok(command: string): Tool {
  return {
    version: KWOK_VERSION,
    folder: "kwok",
    module: "sigs.k8s.io/kwok",
    package: `sigs.k8s.io/kwok/cmd/${command}`,
    versionArgs: ["--version"],
  };
}

/** The one place of every version. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  pulumi: {
    version: PULUMI_VERSION,
    folder: "pulumi",
    module: "github.com/pulumi/pulumi/pkg/v3",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    stamp: `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${PULUMI_VERSION}`,
    versionArgs: ["version"],
    // From 3.245 on every update writes an automatic log: a preview of 300 models takes a quarter longer.
    serves: (version) => {
      const [major, minor] = numbers(version);
      return major === 3 && minor >= 200 && minor < 245;
    },
  },
  "pulumi-language-nodejs": {
    version: "3.0.0",
    folder: "pulumi-language-nodejs",
    module: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
    moduleVersion: "v3.0.0-20250806165243-bee5e4fa4815",
    package: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
  },
  "pulumi-resource-kubernetes": {
    version: PROVIDER_VERSION,
    folder: "pulumi-resource-kubernetes",
    module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
    moduleVersion: "v4.0.0-20260115033456-f47bc2d6f199",
    package: ".",
    stamp: `github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=${PROVIDER_VERSION}`,
  },
  kubectl: {
    ...kubernetes("kubectl"),
    versionArgs: ["version", "--client"],
    // Kubernetes supports a client one minor version away from the cluster.
    serves: (version) => {
      const [major, minor] = numbers(version);
      const [clusterMajor, clusterMinor] = numbers(KUBERNETES_VERSION);
      return major === clusterMajor && Math.abs(minor - clusterMinor) <= 1;
    },
  },
  "kube-apiserver": kubernetes("kube-apiserver"),
  "kube-controller-manager": kubernetes("kube-controller-manager"),
  "kube-scheduler": kubernetes("kube-scheduler"),
  kubelet: kubernetes("kubelet"),
  "kube-proxy": kubernetes("kube-proxy"),
  etcd: {
    version: ETCD_VERSION,
    folder: "etcd",
    module: "go.etcd.io/etcd/server/v3",
    package: "go.etcd.io/etcd/server/v3",
    versionArgs: ["--version"],
  },
  kwok: kwok("kwok"),
  kwokctl: kwok("kwokctl"),
  traefik: {
    version: TRAEFIK_VERSION,
    folder: "traefik",
    module: "github.com/traefik/traefik/v3",
    package: "github.com/traefik/traefik/v3/cmd/traefik",
    stamp: `github.com/traefik/traefik/v3/pkg/version.Version=${TRAEFIK_VERSION}`,
    versionArgs: ["version"],
  },
};

/** Whether an installed program of this version may stand in for the pinned one. */
export function serves(name: ToolName, version: string): boolean {
  const tool = TOOLS[name];
  return tool.serves ? tool.serves(version) : version === tool.version;
}

/** Whether `version` is `least` or newer; both of the form `1.2.3`, `1.2` or `1`. */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [numbers(version), numbers(least)];
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return (a[i] ?? 0) > (b[i] ?? 0);
  return true;
}

function numbers(version: string): [major: number, minor: number, patch: number] {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return [major, minor, patch];
}
