import { mkdirSync } from "node:fs";
import { delimiter } from "node:path";
import type { PulumiTools } from "./toolchain/ensure";
import { pulumiHome } from "./toolchain/pulumi-home";

/** The passphrase of the local stack. It is public, so that Pulumi.dev.yaml can be read on every machine. */
export const LOCAL_PASSPHRASE = "modelfleet-local";

/** Where Pulumi works, and with which programs. */
export interface PulumiPlace {
  /** Absolute path of the folder of Pulumi's state. It is created. */
  readonly directory: string;
  /** The local cluster. @default the cluster that the stack's settings or the caller's KUBECONFIG name */
  readonly cluster?: { readonly kubeconfig: string; readonly ingressUrl: string | undefined } | undefined;
  /** Paths of the programs, from `ensureTools(PULUMI_TOOLS)`. */
  readonly tools: PulumiTools;
}

/**
 * The environment variables with which `pulumi` and `kubectl` work on a place, to be merged over the caller's own.
 * `PATH` is the caller's, with the folder of the programs first.
 */
export function pulumiEnvironment({ directory, cluster, tools }: PulumiPlace): Record<string, string> {
  mkdirSync(directory, { recursive: true });
  const home = pulumiHome(tools);
  return {
    PATH: withFirst(process.env["PATH"] ?? "", home.bin),
    PULUMI_HOME: home.directory,
    // Without `metadata=skip`, Pulumi writes a file with a checksum beside each file of the state, and not at once: a run that is killed
    // meanwhile leaves an empty one, and every command after it fails with `failed to load checkpoint: EOF`.
    PULUMI_BACKEND_URL: `file://${directory}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: LOCAL_PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Writes the state once per update, not after every step: docs/decisions/0005 says why that is safe.
    PULUMI_SKIP_CHECKPOINTS: "true",
    // The state is written compressed, and of each update the history keeps a copy: a second one, in `backups`, has no use.
    PULUMI_DIY_BACKEND_GZIP: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    ...goEnvironment(),
    // A model that cannot start must not block the other models' changes.
    PULUMI_CONTINUE_ON_ERROR: "true",
    ...(cluster && { KUBECONFIG: cluster.kubeconfig }),
    // Empty rather than unset: the caller's shell may have another cluster's value, from `npm run env`.
    MODELFLEET_INGRESS_URL: cluster?.ingressUrl ?? "",
    // The local cluster may be another than last time: `npm start` refreshes its state.
    MODELFLEET_CLUSTER_ID: cluster ? "any" : "",
  };
}

/**
 * How Go programs collect garbage: a quarter as often, until one of them has 2 GiB, which saves a twelfth of the processor
 * time (docs/performance.md). The caller's own values stay.
 */
export function goEnvironment(): Record<"GOGC" | "GOMEMLIMIT", string> {
  const { GOGC = "400", GOMEMLIMIT = "2GiB" } = process.env;
  return { GOGC, GOMEMLIMIT };
}

function withFirst(path: string, folder: string): string {
  return [folder, ...path.split(delimiter).filter((entry) => entry !== folder)].join(delimiter);
}
