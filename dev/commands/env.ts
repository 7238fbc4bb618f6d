import { main } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { runningCluster } from "../cluster/cluster";
import { namedCluster, stateDirectory } from "../named-cluster";
import { CLUSTER_DIRECTORY } from "../places";
import { pulumiEnvironment } from "../pulumi-environment";
import { shellQuote } from "../summary";
import { ensureTools, PULUMI_TOOLS } from "../toolchain/ensure";

// Prints what a shell needs to use `pulumi` and `kubectl` on the fleet of `npm start`: eval "$(npm run --silent env)".
await main(async () => {
  const named = namedCluster();
  const cluster = named ? undefined : await runningCluster(CLUSTER_DIRECTORY);
  if (!cluster && !named) throw new UserError("no local cluster runs: start it with `npm start`.");
  const tools = await ensureTools(PULUMI_TOOLS);
  const directory = await stateDirectory(named);
  const { PATH, ...variables } = pulumiEnvironment({ directory, cluster, tools });
  // npm puts its own folders on PATH; the shell's own value stays instead, behind the folder of the programs.
  const bin = PATH?.split(":")[0] ?? "";
  const lines = [`PATH=${shellQuote(bin)}:"$PATH"`];
  for (const [name, value] of Object.entries(variables)) lines.push(`${name}=${shellQuote(value)}`);
  process.stdout.write(lines.map((line) => `export ${line}\n`).join(""));
});
