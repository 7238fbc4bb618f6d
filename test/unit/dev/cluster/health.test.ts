import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { controlPlaneProcesses } from "../../../../dev/cluster/control-plane";
import { failedChecks, whatIsMissing } from "../../../../dev/cluster/health";
import { killProcesses, startDaemon } from "../../../../dev/cluster/processes";

const PROCESSES = controlPlaneProcesses("simulated");

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "modelfleet-health-"));
});
afterEach(async () => {
  await killProcesses(directory);
  await rm(directory, { recursive: true, force: true });
});

/** A fake kubectl whose API server is ready at the third call. */
async function readyAtThirdCall() {
  const kubectl = join(directory, "kubectl");
  const calls = join(directory, "calls");
  await writeFile(
    kubectl,
    `#!/bin/sh
echo "$@" >>${calls}
[ "$(wc -l <${calls})" -ge 3 ] && exit 0
echo '[+]ping ok\\n[-]poststarthook/rbac/bootstrap-roles failed: reason withheld' >&2
exit 1
`,
  );
  await chmod(kubectl, 0o755);
  return { access: { kubectl, kubeconfig: join(directory, "kubeconfig"), directory }, calls };
}

describe("whatIsMissing", () => {
  test("waits for an API server that is running and not ready yet", async () => {
    const { access, calls } = await readyAtThirdCall();
    for (const name of PROCESSES) await startDaemon(directory, { name, command: "sleep", args: ["60"] });
    expect(await whatIsMissing(access, PROCESSES)).toBeUndefined();
    expect((await readFile(calls, "utf8")).trim().split("\n")).toHaveLength(3);
  });

  test("names the processes that have ended, without a call of kubectl", async () => {
    const { access, calls } = await readyAtThirdCall();
    for (const name of PROCESSES.filter((one) => one !== "etcd"))
      await startDaemon(directory, { name, command: "sleep", args: ["60"] });
    expect(await whatIsMissing(access, PROCESSES)).toBe("no process etcd");
    await expect(readFile(calls)).rejects.toThrow("ENOENT");
  });

  test("reports nothing when kubectl is gone and all processes run", async () => {
    const { access } = await readyAtThirdCall();
    for (const name of PROCESSES) await startDaemon(directory, { name, command: "sleep", args: ["60"] });
    expect(await whatIsMissing({ ...access, kubectl: join(directory, "gone") }, PROCESSES)).toBeUndefined();
  });
});

describe("failedChecks", () => {
  test("returns the checks that /readyz marks as failed", () => {
    const answer =
      "[+]ping ok\n[-]etcd failed: reason withheld\n[-]poststarthook/a failed: b\nreadyz check failed";
    expect(failedChecks(answer)).toEqual(["etcd", "poststarthook/a"]);
    expect(failedChecks("The connection to the server was refused")).toEqual([]);
  });
});
