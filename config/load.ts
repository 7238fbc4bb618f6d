import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { asRunError } from "../lib/run-error";
import { isMap } from "./merge";
import { type IsSecret, isSecretKey } from "./secrecy";
import { type Fleet, type Model, resolveFleet } from "./settings";

/** One active model with its secrets wrapped, so that nothing downstream can show them. */
export type LoadedModel = Omit<Model, "secretEnv"> & {
  readonly secretEnv: Readonly<Record<string, pulumi.Output<string>>>;
};

/** What the program is to build, and where. */
export interface Settings extends Omit<Fleet, "models" | "registry"> {
  /** The stack's name: whose the objects are. */
  readonly stack: string;
  readonly models: readonly LoadedModel[];
  readonly registry:
    | { readonly server: string; readonly username: string; readonly password: pulumi.Output<string> }
    | undefined;
  /** How clients reach the Ingress, without a slash at its end; undefined where nobody has said. */
  readonly url: string | undefined;
  /** Which cluster the Kubernetes provider will talk to, as far as the stack's config says. */
  readonly cluster: { readonly kubeconfig: string | undefined; readonly context: string | undefined };
}

/**
 * Reads the stack's config: the only place that does, and that reads the environment and the stack's name.
 *
 * @throws pulumi.RunError with every problem at once, which Pulumi shows as its message alone
 */
export async function loadSettings(): Promise<Settings> {
  try {
    const own = ownConfig();
    const { models, registry, ...fleet } = resolveFleet(own, await encryption(own));
    const kubernetes = new pulumi.Config("kubernetes");
    const { host, url = host && `http://${host}` } = fleet.ingress;
    return {
      ...fleet,
      stack: pulumi.getStack(),
      models: models.map((model) => ({ ...model, secretEnv: wrapped(model.secretEnv) })),
      registry: registry && { ...registry, password: pulumi.secret(registry.password) },
      // The port of the local cluster's ingress controller is known only once it runs: `npm run env` hands it over.
      url: url ?? (process.env.MODELFLEET_INGRESS_URL || undefined),
      cluster: { kubeconfig: kubernetes.get("kubeconfig"), context: kubernetes.get("context") },
    };
  } catch (error) {
    throw asRunError(error);
  }
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
 * Tells what is encrypted. The engine names the keys that hold an encrypted value (the SDK has no function for it), and
 * not where in them it is: one value that was set without --secret beside one that was not shows only in the stack's file.
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

/** The config of the stack's file; empty where there is none, since it may be anywhere (`--config-file`). */
async function stackFile(): Promise<Record<string, unknown>> {
  const text = await readFile(`Pulumi.${pulumi.getStack()}.yaml`, "utf8").catch(() => undefined);
  if (text === undefined) return {};
  // Only for a fleet with secrets: loading the parser takes longer than parsing.
  const { parse } = await import("yaml");
  const { config } = (parse(text) ?? {}) as { config?: unknown };
  return isMap(config) ? config : {};
}

/** Whether a plain value stands at a path. What is encrypted is a map of its own, whose one key is `secure`. */
function isPlain(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (!isMap(value)) return value !== undefined;
  return key !== undefined && isPlain(value[key], rest);
}
