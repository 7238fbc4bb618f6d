import { existsSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { openKind } from "../../dev/cluster/ingress-objects";
import { applyWhenKnown, kubectl, type KubectlAccess } from "../../dev/cluster/kubectl";
import { type Network, networkOf } from "../../dev/cluster/network";
import { hasEnded, processesOf, startDaemon } from "../../dev/cluster/processes";
import type { Cluster } from "../../dev/cluster/types";
import { ensureTools } from "../../dev/toolchain/ensure";
import { pythonPackages, requirementsFile } from "../../dev/toolchain/python";
import { withLock } from "../../lib/lock.mjs";
import { say } from "../../lib/progress";
import { until } from "../../lib/until";

const NAME = "envoy-gateway";

/** The namespace of its Secrets. */
const NAMESPACE = "envoy-gateway-system";

/** How long it may take to start, in milliseconds. */
const READY_TIMEOUT_MS = 60_000;

/** An implementation of the Gateway API, for a test. */
export interface GatewayController {
  /** The name of its GatewayClass. */
  readonly className: string;
  /** The URL without a port under which the listeners of all its Gateways answer: `http://10.210.0.2`. */
  readonly address: string;
}

/** Whether this machine can have Envoy; says why tests with it are skipped if not. */
export async function hasEnvoy(): Promise<boolean> {
  const envoy = await envoyProgram();
  if ("reason" in envoy) say(`skipped: Gateways with Envoy (they need Python 3 with pip: ${envoy.reason})`);
  return !("reason" in envoy);
}

/**
 * Envoy Gateway, a second implementation of the Gateway API beside Traefik, for a cluster with a real node. It runs in
 * the network of the node, and starts an Envoy for each Gateway of the class `envoy`, which listens there on the ports of
 * the Gateway's listeners: each test needs a port of its own. The first test that asks for it starts it, and it ends with
 * the cluster.
 *
 * Its Gateways have the condition Programmed with status False, though their listeners have it with True: without pods of
 * Envoy it knows no address.
 *
 * @returns The reason if there is none.
 */
export async function envoyGateway(cluster: Cluster): Promise<GatewayController | { reason: string }> {
  const envoy = await envoyProgram();
  if ("reason" in envoy) return envoy;
  const tools = await ensureTools(["envoy-gateway", "kubectl"]);
  const { directory, kubeconfig } = cluster;
  const access = { kubectl: tools.kubectl, kubeconfig, directory };
  const network = await nodeNetwork(access);
  const waiting = (pid: number) => say(`  waiting for process ${pid}, which starts Envoy Gateway`);
  await withLock(join(directory, `${NAME}.lock`), { waiting }, async () => {
    if (!(await hasEnded(directory, NAME))) return;
    const folder = join(directory, NAME);
    await writeFiles(folder, { tools, envoy, kubeconfig, network });
    await applyWhenKnown(access, await objects(folder, envoy.version));
    await untilAccepted(access, await start(directory, tools[NAME]));
  });
  return { className: "envoy", address: `http://${network.nodeAddress}` };
}

interface Envoy {
  readonly path: string;
  readonly version: string;
}

/** Envoy from PyPI, in the version of the requirements file. */
async function envoyProgram(): Promise<Envoy | { reason: string }> {
  const packages = await pythonPackages("envoy");
  if ("reason" in packages) return packages;
  const script = "import envoy; print(envoy.__path__[0])";
  const { stdout } = await execa(packages.interpreter, ["-c", script]);
  const pinned = await readFile(requirementsFile("envoy"), "utf8");
  return { path: join(stdout, "_bin", "envoy"), version: pinned.trim().replace(/^.*==/, "") };
}

/** The addresses of the cluster's node and of the machine's end of its link. */
export async function nodeNetwork(access: KubectlAccess): Promise<Network> {
  const jsonpath = '{.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  const address = await kubectl(access, ["get", "nodes", "--output", `jsonpath=${jsonpath}`]);
  return networkOf(Number(address.split(".")[1]));
}

interface Inputs {
  readonly tools: Readonly<Record<typeof NAME, string>>;
  readonly envoy: Envoy;
  readonly kubeconfig: string;
  readonly network: Network;
}

async function writeFiles(folder: string, { tools, envoy, kubeconfig, network }: Inputs): Promise<void> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, "config");
  const host = {
    ...{ configHome: config, dataHome: join(folder, "data") },
    ...{ stateHome: join(folder, "state"), runtimeDir: join(folder, "run") },
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(configuration(host)));
  // From the node, the API server is reached through its forwarder.
  const text = await readFile(kubeconfig, "utf8");
  await writeFile(join(folder, "kubeconfig"), text.replace("//127.0.0.1:", `//${network.hostAddress}:`));
  await execa(tools[NAME], ["certgen", "--local", "--config-home", config]);
  // It looks here before it downloads an Envoy of that version.
  const link = join(host.dataHome, "envoy-versions", envoy.version, "bin", "envoy");
  await mkdir(dirname(link), { recursive: true });
  if (!existsSync(link)) await symlink(envoy.path, link);
}

/** Its objects come from the API server, and its Envoys are processes beside it. */
function configuration(host: object): object {
  return {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "EnvoyGateway",
    gateway: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
    logging: { level: { default: "warn" } },
    provider: {
      type: "Custom",
      custom: {
        resource: { type: "Kubernetes", kubernetes: { leaderElection: { disable: true } } },
        infrastructure: { type: "Host", host },
      },
    },
  };
}

async function objects(folder: string, envoyVersion: string): Promise<object[]> {
  const certs = join(folder, "config", "certs");
  const secret = async (name: string, files: readonly string[]) => {
    const entries = files.map(async (file) => [file, await readFile(join(certs, name, file), "base64")]);
    const data = Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
    return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: NAMESPACE }, data };
  };
  const group = "gateway.envoyproxy.io";
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    await secret("envoy", ["ca.crt", "tls.crt", "tls.key"]),
    await secret("envoy-oidc-hmac", ["hmac-secret"]),
    openKind({ group, version: "v1alpha1", kind: "EnvoyProxy", plural: "envoyproxies" }),
    {
      apiVersion: `${group}/v1alpha1`,
      kind: "EnvoyProxy",
      metadata: { name: "host", namespace: NAMESPACE },
      spec: {
        provider: { type: "Host", host: { envoyVersion } },
        // Several Envoys on one machine share no number.
        extraArgs: ["--use-dynamic-base-id"],
        // A line per request would be the most of what a test under load writes.
        telemetry: { accessLog: { disable: true } },
      },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      metadata: { name: "envoy" },
      spec: {
        controllerName: `${group}/gatewayclass-controller`,
        parametersRef: { group, kind: "EnvoyProxy", name: "host", namespace: NAMESPACE },
      },
    },
  ];
}

/** Returns its process ID, which stays the same from program to program. */
async function start(directory: string, program: string): Promise<number> {
  const node = (await processesOf(directory)).find(({ name }) => name === "containerd");
  if (!node) throw new Error(`the cluster in ${directory} has no running node`);
  const enter = ["--target", String(node.pid), "--net", "unshare", "--mount", "bash"];
  return startDaemon(directory, {
    name: NAME,
    command: "nsenter",
    args: [...enter, join(import.meta.dirname, `${NAME}.sh`), program],
    cwd: join(directory, NAME),
    env: { KUBECONFIG: join(directory, NAME, "kubeconfig"), ENVOY_GATEWAY_NAMESPACE: NAMESPACE },
  });
}

async function untilAccepted(access: KubectlAccess, pid: number): Promise<void> {
  const jsonpath = '{.status.conditions[?(@.type=="Accepted")].status}';
  const query = ["get", "gatewayclass", "envoy", "--output", `jsonpath=${jsonpath}`];
  const isAccepted = async () => {
    if ((await kubectl(access, query)) === "True") return true;
    if ((await processesOf(access.directory)).some((one) => one.pid === pid)) return false;
    throw new Error("Envoy Gateway ended right after its start");
  };
  if (!(await until(isAccepted, { intervalMs: 100, timeoutMs: READY_TIMEOUT_MS })))
    throw new Error("Envoy Gateway did not accept its GatewayClass within a minute");
}
