import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { problemOfStackName } from "../fleet/owner";
import { asRunError } from "../lib/run-error";
import { isMap } from "./merge";
import { problem, type Problem } from "./problem";
import { type Fleet, resolveFleet } from "./resolve";
import { type IsSecret, isSecretKey } from "./secrecy";

/** The resolved settings, the stack and the cluster. Secrets are wrapped, so that nothing downstream can show them. */
export interface LoadedFleet extends Fleet<pulumi.Output<string>> {
  /** The stack's name: the owner of every object. */
  readonly stack: string;
  /** The cluster that the stack's config names. @default what kubectl would use */
  readonly cluster: { readonly kubeconfig: string | undefined; readonly context: string | undefined };
}

/**
 * Reads the stack's config. No other module of the program reads config, the environment or the stack's name.
 *
 * @throws pulumi.RunError with every problem at once; Pulumi shows only its message
 */
export async function loadSettings(): Promise<LoadedFleet> {
  try {
    const own = ownConfig();
    const stack = pulumi.getStack();
    const { models, registry, routing, ...fleet } = resolveFleet(
      own,
      await encryption(own),
      problemsOfStack(stack),
    );
    const kubernetes = new pulumi.Config("kubernetes");
    return {
      ...fleet,
      stack,
      models: models.map((model) => ({ ...model, secretEnv: wrapped(model.secretEnv) })),
      registry: registry && { ...registry, password: pulumi.secret(registry.password) },
      // The port of the local cluster's ingress controller is known only once it runs: `npm run env` exports it.
      routing: { ...routing, url: routing.url ?? (process.env.MODELFLEET_INGRESS_URL || undefined) },
      // The state of the local cluster's fleet survives the cluster, so `npm run env` exports "any".
      clusterId: fleet.clusterId ?? (process.env.MODELFLEET_CLUSTER_ID || undefined),
      cluster: { kubeconfig: kubernetes.get("kubeconfig"), context: kubernetes.get("context") },
    };
  } catch (error) {
    throw asRunError(error);
  }
}

function problemsOfStack(stack: string): Problem[] {
  const rule = problemOfStackName(stack);
  return rule === undefined
    ? []
    : [problem("stack", stack, rule, "rename the stack with `pulumi stack rename <name>`")];
}

function wrapped(values: Readonly<Record<string, string>>): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, pulumi.secret(value)]));
}

const PREFIX = "modelfleet:";

function ownConfig(): Record<string, string> {
  const all = Object.entries(pulumi.runtime.allConfig());
  return Object.fromEntries(
    all.filter(([key]) => key.startsWith(PREFIX)).map(([key, value]) => [key.slice(PREFIX.length), value]),
  );
}

/**
 * Reports which values are encrypted. The engine names the keys that hold an encrypted value (the SDK has no function
 * for it), but not where. A plain value next to an encrypted one is visible only in the stack's file.
 */
async function encryption(own: Readonly<Record<string, string>>): Promise<IsSecret> {
  const named: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  const keys = new Set(Array.isArray(named) ? named : []);
  const file = Object.keys(own).some(isSecretKey) ? await stackFile() : {};
  return (key, ...path) => {
    if (!keys.has(`${PREFIX}${key}`)) return false;
    return !isPlain(file[`${PREFIX}${key}`], path);
  };
}

/** The config of the stack's file; empty if it is elsewhere (`--config-file`). */
async function stackFile(): Promise<Record<string, unknown>> {
  const text = await readFile(`Pulumi.${pulumi.getStack()}.yaml`, "utf8").catch(() => undefined);
  if (text === undefined) return {};
  // Imported only for a fleet with secrets: loading the parser takes longer than parsing.
  const { parse } = await import("yaml");
  const { config } = (parse(text) ?? {}) as { config?: unknown };
  return isMap(config) ? config : {};
}

/** Whether the value at a path is plain. An encrypted one is a map whose only key is `secure`. */
function isPlain(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (!isMap(value)) return value !== undefined;
  return key !== undefined && isPlain(value[key], rest);
}
