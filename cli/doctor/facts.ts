import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";
import { reportOf } from "../../config/problem";
import { readFleet } from "../../config/read-fleet";
import type { SettledFleet } from "../../config/resolve";
import { type Api, connect } from "../../kubernetes/api";
import { UserError } from "../../lib/user-error";
import { anotherCluster } from "../../ownership/checks/cluster";
import { clusterOf } from "../cluster-of";
import { pulumiError, reasonOf } from "../pulumi-error";
import type { OpenStack } from "../stack";
import { type HeldLock, locksOf } from "../state-locks";
import { type Objects, readObjects } from "./objects";
import { type State, stateOf } from "./state";

/** A cluster that answers. */
export interface Cluster {
  readonly api: Api;
  /** UID of the namespace kube-system; undefined if the account may not read it. */
  readonly id: string | undefined;
  /** The API server's version, such as `v1.34.1`; undefined if it does not say. */
  readonly version: string | undefined;
}

/** The settings as `pulumi config` prints them, by key with prefix. */
export type Config = ConfigMap;

/**
 * What the checks ask about a stack. Each question is asked once, when the first check needs it, and rejects with a
 * UserError that says why there is no answer: then only the checks that need it cannot look.
 */
export interface Facts {
  /** The owner that the stack's objects name: `ownerOf`. */
  readonly stack: string;
  /** The stack's name as commands take it. */
  readonly name: string;
  /** Path of the stack's settings file. */
  readonly settingsFile: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The version of `pulumi`, such as `3.232.0`. */
  readonly pulumiVersion: string;
  /** What Pulumi.yaml says. */
  project(): Promise<{ readonly name: string; readonly requiredPulumiVersion?: string }>;
  /** The settings, secrets decrypted. */
  config(): Promise<Config>;
  /** The settings; secrets have no value if they cannot be decrypted. */
  readableConfig(): Promise<Config>;
  settings(): Promise<SettledFleet>;
  state(): Promise<State>;
  /** The backend's URL. */
  backend(): Promise<string>;
  /** The stack's locks; undefined with a backend whose locks only Pulumi sees. */
  locks(): Promise<readonly HeldLock[] | undefined>;
  cluster(): Promise<Cluster>;
  /** The cluster, if it is not another one than that of the last update. */
  ownCluster(): Promise<Cluster>;
  /** Objects of the cluster, if it is the stack's own. */
  objects(): Promise<Objects>;
  /** The objects that the settings announce, as `kind/name`; the name of a version of a Secret ends in `-*`. */
  announced(): Promise<ReadonlySet<string>>;
  /** The same questions, asked anew. */
  again(): Facts;
}

/** The questions about an open stack. */
export function factsOf(opened: OpenStack): Facts {
  const pulumi = askPulumi(opened);
  const { owner: stack, variables } = opened;
  const cluster = once(async () =>
    clusterAt(connect(clusterOf(withKubeconfig(await pulumi.readableConfig()), variables))),
  );
  const ownCluster = once(async () => {
    const [found, wrong] = [await cluster(), await wrongCluster(facts)];
    if (wrong !== undefined) throw new UserError("the cluster is another one than that of the last update");
    return found;
  });
  const objects = once(async () => {
    const { api } = await ownCluster();
    return readObjects(api, { stack, namespaces: await namespacesOf(facts) });
  });
  const announced = once(async () => announcedBy(await pulumi.settings(), (await cluster()).api));
  const facts: Facts = { ...pulumi, cluster, ownCluster, objects, announced, again: () => factsOf(opened) };
  return facts;
}

type OfPulumi = Omit<Facts, "cluster" | "ownCluster" | "objects" | "announced" | "again">;

/** The questions that need no cluster. */
function askPulumi(opened: OpenStack): OfPulumi {
  const { name, owner: stack, shortName, workspace, settingsFile, variables } = opened;
  const environment = { ...process.env, ...variables };
  const project = once(() => asked(workspace.projectSettings(), name));
  const config = once(() => asked(workspace.getAllConfig(name), name));
  const readableConfig = once(() =>
    config().catch(async (error: unknown) => {
      unreadable(error);
      return JSON.parse(await run(opened, ["config", "--json"])) as Config;
    }),
  );
  const settings = once(async () => settingsIn(await config(), (await project()).name, opened));
  // Without --show-secrets, which the Automation API would add.
  const state = once(async () => stateOf(await run(opened, ["stack", "export"])));
  const backend = once(async () => (await asked(workspace.whoAmI(), name)).url ?? "");
  const locks = once(async () => {
    const folder = stateFolder(await backend(), environment);
    return folder === undefined ? undefined : locksOf(folder, (await project()).name, shortName);
  });
  return {
    ...{ stack, name, settingsFile, environment, pulumiVersion: workspace.pulumiVersion },
    ...{ project, config, readableConfig, settings, backend, locks, state },
  };
}

async function announcedBy(settled: SettledFleet, api: Api): Promise<ReadonlySet<string>> {
  // Only now, since they load Pulumi's packages.
  const { announceFleet } = await import("../../components/fleet");
  const { withIngress } = await import("../../ownership/ingress");
  const { settings, problems } = await withIngress(api, settled);
  if (problems.length > 0) throw reportOf(problems);
  return new Set<string>(announceFleet(settings).map(({ object }) => object));
}

/** The sentence about a cluster that is not the stack's own; undefined if it is, or if that is not known. */
export async function wrongCluster(facts: Facts): Promise<string | undefined> {
  const { api, id } = await facts.cluster();
  const config = await facts.readableConfig().catch(unreadable);
  const state = await facts.state().catch(unreadable);
  const named = config?.["modelfleet:clusterId"]?.value || facts.environment["MODELFLEET_CLUSTER_ID"];
  const last = state?.clusterId === undefined ? {} : { clusterId: state.clusterId };
  const [wrong] = anotherCluster(
    { clusterId: named || undefined },
    { clusterId: id, last, server: api.server },
  );
  return wrong?.text;
}

/** For `catch`: a question without an answer, that another check reports. */
export function unreadable(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
  return undefined;
}

/** The namespaces that may have objects of the fleet, by the settings and by the state. */
async function namespacesOf(facts: Facts): Promise<string[]> {
  const settings = await facts.settings().catch(unreadable);
  const state = await facts.state().catch(unreadable);
  const all = [
    settings?.namespace,
    state?.namespace,
    ...(state?.objects ?? []).map(({ namespace }) => namespace),
  ];
  return [...new Set(all.filter((one) => one !== undefined))];
}

/** Runs `pulumi`, as the Automation API does not: it decrypts what it exports. */
async function run({ name, workspace, variables }: OpenStack, args: readonly string[]): Promise<string> {
  const all = [...args, "--stack", name, "--non-interactive"];
  const env = { ...process.env, ...variables };
  try {
    // A state may have any size.
    const options = { cwd: workspace.workDir, env, maxBuffer: Infinity };
    return (await promisify(execFile)("pulumi", all, options)).stdout;
  } catch (error) {
    const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
    throw new UserError(reasonOf(stderr || message));
  }
}

async function asked<T>(question: Promise<T>, stack: string): Promise<T> {
  try {
    return await question;
  } catch (error) {
    throw await pulumiError(error, stack);
  }
}

function settingsIn(config: Config, project: string, opened: OpenStack): Promise<SettledFleet> {
  const entries = Object.entries(config);
  return readFleet({
    ...{ project, stack: opened.shortName, folder: opened.workspace.workDir },
    config: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
    encryptedKeys: new Set(entries.flatMap(([key, { secret }]) => (secret === true ? [key] : []))),
  });
}

function withKubeconfig(config: Config): Config {
  const { secret, value } = config["kubernetes:kubeconfig"] ?? { value: "" };
  if (secret === true && value === undefined)
    throw new UserError("the settings' kubeconfig is encrypted and cannot be decrypted");
  return config;
}

async function clusterAt(api: Api): Promise<Cluster> {
  // First one request: a cluster that does not answer takes as long as its time limit.
  const { body } = await api.get("/version");
  const { gitVersion: version } = body as { readonly gitVersion?: string };
  const system = await api.get("/api/v1/namespaces/kube-system");
  const { metadata } = system.body as { readonly metadata?: { readonly uid?: string } };
  return { api, version, id: system.status === 200 ? metadata?.uid : undefined };
}

/** The folder of a backend of files; undefined for any other backend. */
function stateFolder(url: string, { HOME = "" }: Facts["environment"]): string | undefined {
  const [address = ""] = url.split("?");
  if (address.startsWith("file://~")) return `${HOME}${address.slice("file://~".length)}`;
  return address.startsWith("file:///") ? fileURLToPath(address) : undefined;
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}
