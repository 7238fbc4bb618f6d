import { join } from "node:path";
import semver from "semver";
import type { Tool } from "./tool";

export const PULUMI_VERSION = "3.232.0";
export const PROVIDER_VERSION = "4.25.0";
export const KUBERNETES_VERSION = "1.36.3";
export const ETCD_VERSION = "3.6.6";
export const KWOK_VERSION = "0.8.0";
export const TRAEFIK_VERSION = "3.7.13";
/** The version that Traefik is built with. */
export const GATEWAY_API_VERSION = "1.6.1";
const METRICS_SERVER_VERSION = "0.9.0";
const KEDA_VERSION = "2.20.2";
const ACTIONLINT_VERSION = "1.7.12";
const VERSITYGW_VERSION = "1.8.0";
/** The module's version, which is that of Prometheus 3.16.0. */
const PROMETHEUS_VERSION = "0.316.0";
const PROMETHEUS_OPERATOR_VERSION = "0.85.0";
const ENVOY_GATEWAY_VERSION = "1.9.1";
export const HELM_VERSION = "4.3.1";

/** The oldest kubectl that serves the local cluster; the oldest that was tried is 1.32. */
const OLDEST_KUBECTL = "1.28.0";
const KUBERNETES_MINOR = semver.minor(KUBERNETES_VERSION);

/** The oldest Go that builds the programs: the `go` line of their go.mod. */
export const GO_VERSION = "1.26.0";

/** The ACME client of Traefik, which is built from a reduced copy; `sum` is the hash of the download. */
export const LEGO = {
  module: "github.com/go-acme/lego/v5",
  version: "v5.4.1",
  sum: "h1:Jt6xAP9xQrJ3SLLGgxejfDDd3pzdrmuLCWe4oTqHHQc=",
} as const;

/** The folder of the Go modules. */
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
const ALL = {
  pulumi: {
    version: PULUMI_VERSION,
    folder: "pulumi",
    module: "github.com/pulumi/pulumi/pkg/v3",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    stamp: `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${PULUMI_VERSION}`,
    versionArgs: ["version"],
    // As in Pulumi.yaml. The oldest and 3.274.1 were tried too: docs/decisions/0047.
    compatible: ">=3.200.0 <4.0.0",
  },
  "pulumi-language-nodejs": {
    version: "3.0.0",
    folder: "pulumi-language-nodejs",
    module: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
    moduleVersion: "v3.0.0-20250806165243-bee5e4fa4815",
    package: ".",
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
    // Kubernetes supports a client that is one minor version older or newer. Older ones serve the local cluster: of its
    // commands, and those of the README and the tests, the youngest has been there since 1.24 (`patch --subresource`).
    compatible: `>=${OLDEST_KUBECTL} <1.${KUBERNETES_MINOR + 2}.0`,
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
    // The same kinds, and the same version of the Gateway API, as the pinned version.
    compatible: ">=3.7.10 <3.8.0",
  },
  // Not a program: the definitions of the kinds that Traefik's provider watches, as one file for kubectl.
  "gateway-api": {
    version: GATEWAY_API_VERSION,
    folder: "gateway-api",
    module: "sigs.k8s.io/gateway-api",
    kinds: [
      "gatewayclasses",
      "gateways",
      "httproutes",
      "grpcroutes",
      "tlsroutes",
      "referencegrants",
      "backendtlspolicies",
    ].map((kind) => `config/crd/standard/gateway.networking.k8s.io_${kind}.yaml`),
  },
  // Kinds of the Prometheus Operator; only a test of the API server's answer to them asks for them.
  "prometheus-operator": {
    version: PROMETHEUS_OPERATOR_VERSION,
    folder: "prometheus-operator",
    module: "github.com/prometheus-operator/prometheus-operator",
    kinds: ["podmonitors", "prometheusrules"].map(
      (kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`,
    ),
  },
  // Prometheus' own parser and tester of rules; only a test runs it. Without what finds targets, such as the SDK of each cloud.
  promtool: {
    version: PROMETHEUS_VERSION,
    folder: "promtool",
    module: "github.com/prometheus/prometheus",
    package: "github.com/prometheus/prometheus/cmd/promtool",
    stamp: "github.com/prometheus/common/version.Version=3.16.0",
    compatible: ">=3.0.0 <4.0.0",
    tags: "remove_all_sd",
    go: "1.26.7",
  },
  // What pods use; only a test runs it. Its go.mod has the versions of Kubernetes' own, so that most packages are compiled already.
  "metrics-server": {
    version: METRICS_SERVER_VERSION,
    folder: "metrics-server",
    module: "sigs.k8s.io/metrics-server",
    package: "sigs.k8s.io/metrics-server/cmd/metrics-server",
    stamp: `k8s.io/client-go/pkg/version.gitVersion=v${METRICS_SERVER_VERSION}`,
    go: "1.26.4",
  },
  // Not a program: the definition of KEDA's kind, which only tests create. Its operator does not run here.
  keda: {
    version: KEDA_VERSION,
    folder: "keda",
    module: "github.com/kedacore/keda/v2",
    kinds: ["config/crd/bases/keda.sh_scaledobjects.yaml"],
  },
  // A linter for GitHub's workflows; only a test runs it.
  actionlint: {
    version: ACTIONLINT_VERSION,
    folder: "actionlint",
    module: "github.com/rhysd/actionlint",
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    stamp: `github.com/rhysd/actionlint.version=${ACTIONLINT_VERSION}`,
    versionArgs: ["-version"],
  },
  // A server of the S3 protocol that keeps a bucket in a folder; only a test runs it, as a backend of Pulumi.
  versitygw: {
    version: VERSITYGW_VERSION,
    folder: "versitygw",
    module: "github.com/versity/versitygw",
    package: "github.com/versity/versitygw/cmd/versitygw",
    stamp: `main.Version=${VERSITYGW_VERSION}`,
    versionArgs: ["--version"],
  },
  // A second implementation of the Gateway API, with Envoy; only tests of routes run it.
  "envoy-gateway": {
    version: ENVOY_GATEWAY_VERSION,
    folder: "envoy-gateway",
    module: "github.com/envoyproxy/gateway",
    package: "github.com/envoyproxy/gateway/cmd/envoy-gateway",
    stamp: `github.com/envoyproxy/gateway/internal/cmd/version.envoyGatewayVersion=v${ENVOY_GATEWAY_VERSION}`,
    versionArgs: ["version"],
    go: "1.26.7",
  },
  // Runs programs in Python, beside a script of this project; only a test of the component does.
  "pulumi-language-python": {
    version: "3.0.0",
    folder: "pulumi-language-python",
    module: "github.com/pulumi/pulumi/sdk/python/cmd/pulumi-language-python/v3",
    moduleVersion: "v3.0.0-20250806165243-bee5e4fa4815",
    package: "github.com/pulumi/pulumi/sdk/python/cmd/pulumi-language-python/v3",
  },
  // Only the benchmark runs it, and builds it.
  helm: {
    version: HELM_VERSION,
    folder: "helm",
    module: "helm.sh/helm/v4",
    package: "helm.sh/helm/v4/cmd/helm",
    stamp: `helm.sh/helm/v4/internal/version.version=v${HELM_VERSION}`,
    versionArgs: ["version", "--short"],
  },
} satisfies Record<string, Tool>;

/** Every program that the fleet, the local cluster, their tests and the benchmark run, apart from Node.js, and kinds of others. */
export type ToolName = keyof typeof ALL;

/** The tools by name. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = ALL;

/** Whether an installed program of this version may replace the pinned one. */
export function isCompatible(name: ToolName, version: string): boolean {
  const { compatible, version: pinned } = TOOLS[name];
  return semver.satisfies(version, compatible ?? pinned);
}
