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

/** A stand-in for kubectl, whose API server is ready when it is asked for the third time. */
async function readyAtThirdLook() {
  const kubectl = join(directory, "kubectl");
  const looks = join(directory, "looks");
  await writeFile(
    kubectl,
    `#!/bin/sh
echo "$@" >>${looks}
[ "$(wc -l <${looks})" -ge 3 ] && exit 0
echo '[+]ping ok\\n[-]poststarthook/rbac/bootstrap-roles failed: reason withheld' >&2
exit 1
`,
  );
  await chmod(kubectl, 0o755);
  return { access: { kubectl, kubeconfig: join(directory, "kubeconfig"), directory }, looks };
}

describe("whatIsMissing", () => {
  test("waits for an API server that lives and is not ready yet", async () => {
    const { access, looks } = await readyAtThirdLook();
    for (const name of PROCESSES) await startDaemon(directory, { name, command: "sleep", args: ["60"] });
    expect(await whatIsMissing(access, PROCESSES)).toBeUndefined();
    expect((await readFile(looks, "utf8")).trim().split("\n")).toHaveLength(3);
  });

  test("names the processes that have ended, and asks nobody then", async () => {
    const { access, looks } = await readyAtThirdLook();
    for (const name of PROCESSES.filter((one) => one !== "etcd"))
      await startDaemon(directory, { name, command: "sleep", args: ["60"] });
    expect(await whatIsMissing(access, PROCESSES)).toBe("no process etcd");
    await expect(readFile(looks)).rejects.toThrow("ENOENT");
  });

  test("does not hold it against the cluster that kubectl is gone", async () => {
    const { access } = await readyAtThirdLook();
    for (const name of PROCESSES) await startDaemon(directory, { name, command: "sleep", args: ["60"] });
    expect(await whatIsMissing({ ...access, kubectl: join(directory, "gone") }, PROCESSES)).toBeUndefined();
  });
});

describe("failedChecks", () => {
  test("names what /readyz marks as failed", () => {
    const answer =
      "[+]ping ok\n[-]etcd failed: reason withheld\n[-]poststarthook/a failed: b\nreadyz check failed";
    expect(failedChecks(answer)).toEqual(["etcd", "poststarthook/a"]);
    expect(failedChecks("The connection to the server was refused")).toEqual([]);
  });
});
