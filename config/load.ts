import * as pulumi from "@pulumi/pulumi";
import { problemOfStackName } from "../fleet/owner";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import { readCatalogFiles, withCatalogFiles } from "./catalog-files";
import { unusedSettings } from "./kubernetes-settings";
import { problem, type Problem } from "./problem";
import { type Fleet, resolveFleet } from "./resolve";
import { shareOfSettings } from "./sizes";
import { readStackFile } from "./stack-file";

/** The resolved settings, the stack and the cluster. Secrets are wrapped, so that nothing downstream can show them. */
export interface LoadedFleet extends Fleet<pulumi.Output<string>> {
  /** The stack's name: the owner of every object. */
  readonly stack: string;
  /** The cluster that the stack's config names. @default what kubectl would use in this environment */
  readonly cluster: {
    readonly kubeconfig: string | undefined;
    readonly context: string | undefined;
    readonly environment: Readonly<Record<string, string | undefined>>;
  };
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
    const file = await readStackFile(own, {
      stack,
      folder: pulumi.getRootDirectory(),
      prefix: PREFIX,
      encryptedKeys: encryptedKeys(),
    });
    const files = await readCatalogFiles(pulumi.getRootDirectory(), own["catalogPath"]);
    const { raw, problems } = withCatalogFiles(own, files);
    const found = [
      ...problemsOfProject(),
      ...problemsOfStack(stack),
      ...unusedSettings(Object.keys(pulumi.runtime.allConfig())),
      ...file.problems,
      ...files.problems,
      ...problems,
    ];
    const { models, registry, routing, ...fleet } = resolveFleet(raw, file.isSecret, found, files.paths);
    const near = shareOfSettings(process.env.PULUMI_CONFIG ?? "");
    if (near !== undefined) await pulumi.log.warn(near);
    return {
      ...fleet,
      stack,
      models: models.map((model) => ({ ...model, secretEnv: wrapped(model.secretEnv) })),
      registry: registry && { ...registry, password: pulumi.secret(registry.password) },
      // The port of the local cluster's ingress controller is known only once it runs: `npm run env` exports it.
      routing: { ...routing, url: routing.url ?? (process.env.MODELFLEET_INGRESS_URL || undefined) },
      maxDeletions: onceAllowed(process.env.MODELFLEET_MAX_DELETIONS) ?? fleet.maxDeletions,
      // The state of the local cluster's fleet survives the cluster, so `npm run env` exports "any".
      clusterId: fleet.clusterId ?? (process.env.MODELFLEET_CLUSTER_ID || undefined),
      cluster: clusterChoice(),
    };
  } catch (error) {
    throw asRunError(error);
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

/** Settings begin with the project's name, and Pulumi writes them so: with another name, none would be found. */
function problemsOfProject(): Problem[] {
  const project = pulumi.getProject();
  if (`${project}:` === PREFIX) return [];
  const rule = 'must be "modelfleet", with which the settings begin';
  const fix = "set `name: modelfleet` in Pulumi.yaml, and tell fleets apart by their stacks";
  return [problem("project", project, rule, fix)];
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

/** The keys that hold an encrypted value. The engine names them, but not where it is; the SDK has no function for it. */
function encryptedKeys(): ReadonlySet<string> {
  const named: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return new Set(Array.isArray(named) ? (named as string[]) : []);
}
