import { shellQuote } from "../lib/shell";
import { UserError } from "../lib/user-error";
import { runningCluster } from "./cluster/cluster";
import { namedCluster, stateDirectory } from "./named-cluster";
import { CLUSTER_DIRECTORY, STACK } from "./places";
import { pulumiEnvironment } from "./pulumi-environment";
import { ensureTools, PULUMI_TOOLS } from "./toolchain/ensure";

/** A shell line that makes `pulumi` and `kubectl` work on the fleet of `npm start`. */
export const ENV_LINE = 'eval "$(npm run --silent env)"';

/**
 * Selects the stack of `npm start` where none is selected. Pulumi keeps the selected stack by the folder's path, and a
 * shell may have reached the checkout by another path, such as a symbolic link, which only that shell knows.
 * PULUMI_STACK would override the stack that a user selects.
 */
const SELECT_STACK = `pulumi stack --show-name --non-interactive >/dev/null 2>&1 || pulumi stack select ${STACK} --non-interactive 2>/dev/null || true`;

/** Prints a shell's `export` lines for `pulumi` and `kubectl` on the fleet of `npm start`: see {@link ENV_LINE}. */
export async function printEnvironment(): Promise<void> {
  const named = namedCluster();
  const cluster = named ? undefined : await runningCluster(CLUSTER_DIRECTORY);
  if (!cluster && !named) throw new UserError("no local cluster is running: start it with `npm start`.");
  const tools = await ensureTools(PULUMI_TOOLS);
  const directory = await stateDirectory(named);
  const { PATH, ...variables } = pulumiEnvironment({ directory, cluster, tools });
  // npm adds its own folders to PATH; the shell keeps its own value, behind the folder of the programs.
  const bin = PATH?.split(":")[0] ?? "";
  const lines = [`PATH=${shellQuote(bin)}:"$PATH"`];
  for (const [name, value] of Object.entries(variables)) lines.push(`${name}=${shellQuote(value)}`);
  process.stdout.write([...lines.map((line) => `export ${line}`), SELECT_STACK, ""].join("\n"));
}
