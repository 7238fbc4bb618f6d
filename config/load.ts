import * as pulumi from "@pulumi/pulumi";
import { asRunError } from "../lib/run-error";
import { resolveFleet, type Fleet, type Model } from "./settings";

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
export function loadSettings(): Settings {
  try {
    const { models, registry, ...fleet } = resolveFleet(ownConfig(), isSecretKey);
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

/** The engine names the keys with encrypted values here; the SDK has no function that tells. */
function isSecretKey(key: string): boolean {
  const keys: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return Array.isArray(keys) && keys.includes(`${PREFIX}${key}`);
}
