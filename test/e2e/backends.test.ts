import { createInterface } from "node:readline";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { killProcesses, MARK } from "../../dev/cluster/processes";
import { s3Backend } from "../support/s3-server";
import { Workspace } from "../support/workspace";

/** Backends of Pulumi's state, with the variables that choose each. */
const BACKENDS: Readonly<Record<string, () => Promise<Record<string, string>>>> = {
  file: () => Promise.resolve({}),
  s3: s3Backend,
};

describe.each(Object.entries(BACKENDS))("with a state in a backend of kind %s", (kind, variables) => {
  test("one of two operators is told who updates, and after that one's crash the next update brings all up", async () => {
    const fleet = await Workspace.create({
      stack: `state-${kind}`,
      cluster: inject("simulated"),
      config: {
        namespace: `state-${kind}`,
        models: ["iris", "wine", "digits"],
        defaults: { image: "registry.example/model:1" },
      },
      env: await variables(),
    });
    onTestFinished(() => fleet.remove(`state-${kind}`));

    const first = await stoppedAtFirstObject(fleet);
    const second = await fleet.modelfleet(["deploy", "churn", "--yes"]);
    expect(second.exitCode, second.text).toBe(1);
    expect(second.text).toMatch(
      new RegExp(`another update of stack state-${kind} is running, by .+ \\(pid ${first.pid}\\) since 20`),
    );
    await killProcesses(fleet.directory);
    await first.ended;

    // Now both at once: one updates, and the other is told so.
    await fleet.must("cancel", "--yes");
    const both = await Promise.all([1, 2].map(() => fleet.pulumi("up", "--yes", "--skip-preview")));
    const refused = both.filter(({ exitCode }) => exitCode !== 0);
    for (const { text } of refused) expect(text).toContain("the stack is currently locked by");
    // Each looks for the other's lock after it has written its own, so both may be refused.
    if (refused.length === both.length) await fleet.up();

    expect((await fleet.objects()).filter((object) => object.startsWith("deployment/"))).toEqual(
      ["churn", "digits", "iris", "wine"].map((id) => `deployment/${id}`),
    );
    await fleet.must("preview", "--expect-no-changes");
  });
});

interface StoppedUpdate {
  readonly pid: number | undefined;
  readonly ended: Promise<unknown>;
}

/** An update that waits, as of an operator whose machine sleeps, once it has begun to create objects. */
async function stoppedAtFirstObject(fleet: Workspace): Promise<StoppedUpdate> {
  const update = fleet.with({ [MARK]: fleet.directory }).start("up", "--yes", "--skip-preview");
  const ended = update.catch((error: unknown) => error);
  for await (const line of createInterface({ input: update.stdout }))
    if (/ kubernetes:.* (creating|created) /.test(line)) break;
  update.kill("SIGSTOP");
  return { pid: update.pid, ended };
}
