import { mkdirSync } from "node:fs";
import { delimiter } from "node:path";
import type { PulumiTools } from "./toolchain/ensure";
import { pulumiHome } from "./toolchain/pulumi-home";

/** The local stack's passphrase is no secret: it makes Pulumi.dev.yaml readable on every machine. */
export const LOCAL_PASSPHRASE = "modelfleet-local";

/** What the environment of a Pulumi command depends on. */
export interface PulumiPlace {
  /** Absolute path of the folder that holds Pulumi's state. It is created. */
  readonly directory: string;
  /** The local cluster to deploy to. @default whatever cluster the stack's config or the caller's KUBECONFIG names */
  readonly cluster?: { readonly kubeconfig: string; readonly ingressUrl: string | undefined } | undefined;
  /** Paths of the programs, from `ensureTools(PULUMI_TOOLS)`. */
  readonly tools: PulumiTools;
}

/**
 * The environment variables with which `pulumi` and `kubectl` work on a place, to be laid over the caller's own.
 * `PATH` is the caller's with the folder of the programs before it.
 */
export function pulumiEnvironment({ directory, cluster, tools }: PulumiPlace): Record<string, string> {
  mkdirSync(directory, { recursive: true });
  const home = pulumiHome(tools);
  return {
    PATH: withFirst(process.env["PATH"] ?? "", home.bin),
    PULUMI_HOME: home.directory,
    PULUMI_BACKEND_URL: `file://${directory}`,
    PULUMI_CONFIG_PASSPHRASE: LOCAL_PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The state is written once per update, not after every step: docs/decisions say why that is safe here.
    PULUMI_SKIP_CHECKPOINTS: "true",
    // One model that cannot start must not keep the others' changes back.
    PULUMI_CONTINUE_ON_ERROR: "true",
    ...(cluster && { KUBECONFIG: cluster.kubeconfig }),
    // Empty rather than unset: the caller's shell may still have that of another cluster, from `npm run env`.
    MODELFLEET_INGRESS_URL: cluster?.ingressUrl ?? "",
  };
}

function withFirst(path: string, folder: string): string {
  return [folder, ...path.split(delimiter).filter((entry) => entry !== folder)].join(delimiter);
}
