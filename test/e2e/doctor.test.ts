import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { killProcesses, MARK } from "../../dev/cluster/processes";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");

describe("modelfleet doctor", () => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "doctor",
      cluster,
      config: {
        namespace: "doctor",
        models: ["iris"],
        defaults: { image: "registry.example/model:1" },
      },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove("doctor"));
  const doctor = (...args: readonly string[]) => fleet.modelfleet(["doctor", ...args]);

  /** Kills an update as when the machine goes down, once it has created an object. */
  async function killedAfter(created: RegExp): Promise<void> {
    const update = fleet.with({ [MARK]: fleet.directory }).start("up", "--yes", "--skip-preview");
    createInterface({ input: update.stdout }).on("line", (line) => {
      if (created.test(line)) void killProcesses(fleet.directory);
    });
    const { signal, all } = await update;
    expect(signal, all).toBe("SIGKILL");
  }

  test("finds what a killed update left, mends it, and then finds nothing", async () => {
    // Without a pod for its new model, the update waits until it is killed.
    await fleet.kubectl("create", "quota", "none", "--hard=pods=0", "-n", "doctor");
    fleet.configure({ models: ["iris", "left"] });
    await killedAfter(/:Service left created/);
    await fleet.kubectl("delete", "quota", "none", "-n", "doctor");
    fleet.configure({ models: ["iris"] });
    const first = await doctor();
    expect(first.exitCode, first.text).toBe(3);
    expect(first.stdout).toMatch(
      /^locks +stack doctor is locked by .* \(process \d+\) since \S+, which has ended/m,
    );
    expect(first.stdout).toMatch(
      /^leftover objects +\d objects? of the stack that neither its state nor its settings have: .*service\/left/m,
    );
    expect(await fleet.objects()).toContain("service/left");

    const { exitCode, stdout, text } = await doctor("--fix", "--yes");
    expect(exitCode, text).toBe(0);
    expect(stdout).toMatch(/^removed the lock of process \d+; /m);
    expect(stdout).toContain("deleted service/left in namespace doctor");
    expect((await fleet.objects()).filter((name) => name.includes("left"))).toEqual([]);
    expect(await doctor()).toMatchObject({ exitCode: 0, stdout: "Nothing is wrong with stack doctor." });
  });

  test("is not needed to see what the cluster lost: an update fails with it, and says what it has done", async () => {
    await fleet.kubectl("delete", "service/iris", "-n", "doctor");
    fleet.configure({ models: ["iris", "wine"] });
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      '1 object of the last update is missing in namespace "doctor" of the cluster; the update has done the rest, ' +
        "except that it deleted nothing; `pulumi up --refresh` creates what is missing:\n      service/iris\n",
    );
    expect(await fleet.objects()).toContain("service/wine");
  });
});
