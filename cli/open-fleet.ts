import type { ConfigMap, OutputMap } from "@pulumi/pulumi/automation/index.js";
import { type Api, connect } from "../kubernetes/api";
import { UserError } from "../lib/user-error";
import { clusterOf } from "./cluster-of";
import { type ListedModel, modelsOf } from "./list";
import { pulumiError } from "./pulumi-error";
import { openStack } from "./stack";

/** A stack's fleet and its cluster, for commands that ask the cluster. */
export interface OpenFleet extends LastUpdate {
  /** The owner that the stack's objects name: `ownerOf`. */
  readonly stack: string;
  readonly api: Api;
  /** The secret values of the settings, which no text of a pod may show. */
  readonly secrets: readonly string[];
  /** Asks Pulumi again for the last update. */
  lastUpdate(): Promise<LastUpdate>;
}

/** What the last update of a stack made. */
export interface LastUpdate {
  readonly namespace: string;
  readonly models: readonly ListedModel[];
}

/**
 * Opens the fleet of a stack, and connects to its cluster.
 *
 * @param stackName The stack. @default as in `openStack`
 * @throws UserError when there is no such stack, it was never updated, or no cluster is configured
 */
export async function openFleet(stackName?: string): Promise<OpenFleet> {
  const { name, owner, stack, variables } = await openStack(stackName);
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await question;
    } catch (error) {
      throw await pulumiError(error, name);
    }
  };
  const [last, config] = await Promise.all([ask(stack.outputs()), ask(stack.getAllConfig())]);
  const api = connect(clusterOf(config, variables));
  await refuseAnotherCluster(api, last["clusterId"]?.value);
  return {
    ...lastUpdateOf(name, last),
    stack: owner,
    api,
    secrets: secretsOf(config),
    lastUpdate: async () => lastUpdateOf(name, await ask(stack.outputs())),
  };
}

function lastUpdateOf(stack: string, outputs: OutputMap): LastUpdate {
  return { namespace: String(outputs["namespace"]?.value), models: modelsOf(stack, outputs) };
}

/**
 * Refuses another cluster than that of the last update: there, every model would seem to be missing.
 *
 * @param expected The output `clusterId`.
 */
export async function refuseAnotherCluster(api: Api, expected: unknown): Promise<void> {
  if (expected === undefined || expected === "") return;
  const { status, body } = await api.get("/api/v1/namespaces/kube-system");
  // Many accounts may not read it; then the question stays open.
  if (status !== 200) return;
  const { uid } = (body as { readonly metadata: { readonly uid: string } }).metadata;
  if (uid !== expected)
    throw new UserError(
      `clusterId: the cluster at ${api.server} is ${uid}, and the last update of this stack went to the cluster ${String(expected)}; ` +
        "choose that cluster (kubernetes:context), or the context or KUBECONFIG of your shell",
    );
}

/** The secret values of a stack's settings: those of the models, and the registry's password. */
export function secretsOf(config: ConfigMap): string[] {
  const valueOf = (key: string) => parsed(config[`modelfleet:${key}`]?.value ?? "");
  const { password } = (valueOf("registry") ?? {}) as { readonly password?: unknown };
  return [...leavesOf(valueOf("secrets")), ...leavesOf(password)];
}

function leavesOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "object" ? Object.values(value).flatMap(leavesOf) : [String(value)];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The program refuses such a setting.
    return undefined;
  }
}
