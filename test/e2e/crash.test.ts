import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { killProcesses, MARK } from "../../dev/cluster/processes";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const MODELS = Array.from({ length: 12 }, (_, index) => `m${index}`);

describe("an update that is killed", () => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "crash",
      cluster,
      config: { namespace: "crash", models: [], defaults: { image: "registry.example/model:1" } },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove("crash"));

  const wanted = (models: readonly string[]) =>
    [
      ...models.flatMap((id) => [`deployment/${id}`, `secret/${id}-env`, `service/${id}`]),
      ...(models.length > 0 ? ["ingress/modelfleet"] : []),
    ].sort();

  /**
   * Kills `pulumi up` a moment after its n-th line about an object: alone, so that its provider still ends what it is
   * at, or with all that it started, as when the machine goes down. Lines, since they stand for requests: how long
   * Pulumi takes before its first one depends on what else the machine does.
   */
  async function killedAfter(lines: number, alone: boolean): Promise<void> {
    const update = fleet.with({ [MARK]: fleet.directory }).start("up", "--yes", "--skip-preview");
    let seen = 0;
    createInterface({ input: update.stdout }).on("line", (line) => {
      if (/ kubernetes:.* (creating|created|updating|updated|deleting|deleted) /.test(line)) seen += 1;
      if (seen !== lines) return;
      seen += 1;
      setTimeout(() => {
        if (alone) update.kill("SIGKILL");
        else void killProcesses(fleet.directory);
      }, Math.random() * 100);
    });
    const { signal, all } = await update;
    expect(signal, `it ended before line ${lines}:\n${all}`).toBe("SIGKILL");
  }

  // Ten moments between the first request and the last, each another one: they are spread, with some chance in each.
  test.each(Array.from({ length: 10 }, (_, index) => index))(
    "at random moment %i leaves a fleet that the next update completes, without an orphan",
    async (moment) => {
      // Alternately from nothing to all, and to another half with another image: creations, changes and deletions.
      const growing = moment % 2 === 0;
      const models = growing ? MODELS : MODELS.filter((_, index) => index % 4 === moment % 4);
      fleet.configure({ models, defaults: { image: `registry.example/model:${moment}` } });

      // The shortest of these updates, which deletes nine models and changes three, prints more than 70 such lines.
      await killedAfter(1 + Math.floor((moment + Math.random()) * 5), growing);

      await fleet.pulumi("cancel", "--yes");
      await fleet.up();
      expect(await fleet.objects()).toEqual(wanted(models));
      const images = await fleet.kubectl(
        ...[
          "get",
          "deployments",
          "-n",
          "crash",
          "-o",
          "jsonpath={.items[*].spec.template.spec.containers[0].image}",
        ],
      );
      expect(new Set(images.split(" "))).toEqual(new Set([`registry.example/model:${moment}`]));
      // Of each kind of kill the last, which came latest: that the state is right too.
      if (moment >= 8) await fleet.must("preview", "--expect-no-changes");
      // A provider that has lost its Pulumi would notice within minutes.
      await killProcesses(fleet.directory);
    },
  );
});
