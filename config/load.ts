import * as pulumi from "@pulumi/pulumi";
import { ownerOf } from "../fleet/owner";
import { programDigest } from "../lib/program-digest";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import packageJson from "../package.json";
import { type Applied, appliedBy } from "./applied";
import { inProject } from "./prefix";
import { readFleet } from "./read-fleet";
import type { SettledFleet, Variant } from "./resolve";
import { shareOfSettings } from "./sizes";
import { readTargeted, type Targeted, TARGETED_BY } from "./targeted";

/** The resolved settings, the stack and the cluster. Secrets are wrapped, so that nothing downstream can show them. */
export interface LoadedFleet extends SettledFleet<pulumi.Output<string>> {
  /** The owner of every object: {@link fleetOwner}. */
  readonly stack: string;
  /** The stack's own name. */
  readonly stackName: string;
  /** The cluster that the stack's config names. @default what kubectl would use in this environment */
  readonly cluster: {
    readonly kubeconfig: string | undefined;
    readonly context: string | undefined;
    readonly environment: Readonly<Record<string, string | undefined>>;
  };
  /** Digests of these settings, for the stack's outputs. */
  readonly applied: Applied;
  /** The only models to update. @default the whole fleet */
  readonly targeted: Targeted | undefined;
}

/**
 * Reads the stack's config. No other module of the program reads config, the environment or the stack's name.
 *
 * @param folder The folder of Pulumi.yaml. @default as Pulumi says, which it does not in the process of a component
 * @throws pulumi.RunError with every problem at once; Pulumi shows only its message
 */
export async function loadSettings(folder = pulumi.getRootDirectory()): Promise<LoadedFleet> {
  try {
    const stack = pulumi.getStack();
    const settled = await readFleet({
      project: pulumi.getProject(),
      stack,
      folder,
      config: pulumi.runtime.allConfig(),
      encryptedKeys: encryptedKeys(),
    });
    const { models, registry, ...fleet } = settled;
    // The port of the local cluster's ingress controller is known only once it runs: `npm run env` exports it.
    const url = fleet.routing.url ?? (process.env.MODELFLEET_INGRESS_URL || undefined);
    const routing = { ...fleet.routing, url };
    const { environment, ...cluster } = clusterChoice();
    const program = { version: packageJson.version, code: programDigest(), cluster };
    const near = shareOfSettings(process.env.PULUMI_CONFIG ?? "");
    if (near !== undefined) await pulumi.log.warn(near);
    return {
      ...fleet,
      stack: fleetOwner(),
      stackName: stack,
      models: models.map((model) => ({
        ...withSecrets(model),
        challengers: model.challengers.map(withSecrets),
      })),
      registry: registry && { ...registry, password: pulumi.secret(registry.password) },
      routing,
      maxDeletions: onceAllowed(process.env.MODELFLEET_MAX_DELETIONS) ?? fleet.maxDeletions,
      // The state of the local cluster's fleet survives the cluster, so `npm run env` exports "any".
      clusterId: fleet.clusterId ?? (process.env.MODELFLEET_CLUSTER_ID || undefined),
      cluster: { ...cluster, environment },
      applied: appliedBy({ ...settled, routing }, program),
      targeted: readTargeted(process.env[TARGETED_BY]),
    };
  } catch (error) {
    throw asRunError(inProject(error, fleetOwner()));
  }
}

function clusterChoice(): LoadedFleet["cluster"] {
  const kubernetes = new pulumi.Config("kubernetes");
  return {
    kubeconfig: kubernetes.get("kubeconfig"),
    context: kubernetes.get("context"),
    environment: process.env,
  };
}

/** @throws UserError if it is not a number of models */
function onceAllowed(text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UserError(
    `MODELFLEET_MAX_DELETIONS: ${JSON.stringify(text)} is not a number of models, such as 7`,
  );
}

/** The owner of the objects of this program's stack: its name, after the project's unless that is `modelfleet`. */
export function fleetOwner(): string {
  return ownerOf(pulumi.getProject(), pulumi.getStack());
}

function withSecrets<T extends Variant>(variant: T) {
  const values = Object.entries(variant.secretEnv).map(
    ([name, value]) => [name, pulumi.secret(value)] as const,
  );
  return { ...variant, secretEnv: Object.fromEntries(values) as Record<string, pulumi.Output<string>> };
}

/**
 * The keys that hold an encrypted value. The engine names them, but not where it is. The function of the SDK that tells
 * it to programs and to components alike is missing in its types.
 */
function encryptedKeys(): ReadonlySet<string> {
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return new Set(Object.keys(pulumi.runtime.allConfig()).filter(isConfigSecret));
}
