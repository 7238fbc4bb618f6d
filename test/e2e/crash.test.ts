import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { killProcesses, MARK } from "../../dev/cluster/processes";
import { say } from "../../lib/progress";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const MODELS = Array.from({ length: 8 }, (_, index) => `m${index}`);
/** A model of every update, with a secret that each update changes. */
const WITH_SECRET = "m0";

/** Decides when updates are killed: `MODELFLEET_SEED=<seed> npm test -- e2e crash` repeats a run. */
const SEED = Number(process.env["MODELFLEET_SEED"] ?? Date.now() % 1_000_000);
say(`  crash.test.ts: seed ${SEED}`);

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("an update that is killed", () => {
  let fleet: Workspace;
  const random = randomFrom(SEED);

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "crash",
      cluster,
      config: { namespace: "crash", models: [], defaults: { image: "registry.example/model:1" } },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove("crash"));

  const wanted = (models: readonly string[], hasSecret: boolean) =>
    [
      ...models.flatMap((id) => [`deployment/${id}`, `secret/${id}-env`, `service/${id}`]),
      ...(hasSecret ? [`secret/${WITH_SECRET}-env-HASH`] : []),
      ...(models.length > 0 ? ["ingress/modelfleet", "secret/modelfleet-registry"] : []),
    ].sort();
  const objects = async () =>
    (await fleet.objects()).map((name) => name.replace(/-[0-9a-f]{10}$/, "-HASH")).sort();

  /** The Secrets that pods name and that do not exist, so that the pods could not start again. */
  async function missingSecrets(): Promise<string[]> {
    const get = async (kind: string, path: string) =>
      (await fleet.kubectl("get", kind, "-n", "crash", "-o", `jsonpath=${path}`)).split(" ").filter(Boolean);
    // In this order, because a Secret is deleted only after the pods that name it.
    const named = await get("pods", "{.items[*].spec.containers[*].envFrom[*].secretRef.name}");
    const existing = new Set(await get("secrets", "{.items[*].metadata.name}"));
    return named.filter((name) => !existing.has(name));
  }

  /**
   * Kills `pulumi up` a moment after its n-th line about an object: only `pulumi`, so that its provider finishes its
   * requests, or all of its processes, as when the machine goes down. Counts lines instead of seconds, since the time
   * until the first request depends on the machine's load.
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
      }, random() * 100);
    });
    const { signal, all } = await update;
    expect(signal, `it ended before line ${lines}:\n${all}`).toBe("SIGKILL");
  }

  // Four different moments between the first request and the last: spread evenly, with some randomness in each.
  test.each(Array.from({ length: 4 }, (_, index) => index))(
    "at random moment %i leaves a fleet that the next update completes, without an orphan",
    async (moment) => {
      // Alternately from no models to all, and to another half with another image: creations, changes and deletions.
      const growing = moment % 2 === 0;
      const models = growing
        ? MODELS
        : MODELS.filter((id, index) => index % 4 === moment % 4 || id === WITH_SECRET);
      fleet.configure({ models, defaults: { image: `registry.example/model:${moment}` } });
      // In the later ones a secret changes too: with one, each command takes a second more to decrypt it.
      const hasSecret = moment >= 2;
      const path = `secrets.${WITH_SECRET}.KEY`;
      if (hasSecret) await fleet.must("config", "set", "--secret", "--path", path, `value-${moment}`);

      // The shortest of these updates, which deletes five models and changes three, prints more than 35 such lines.
      await killedAfter(1 + Math.floor((moment + random()) * 8), growing);

      if (hasSecret) expect(await missingSecrets()).toEqual([]);
      await fleet.pulumi("cancel", "--yes");
      await fleet.up();
      if (hasSecret) expect(await missingSecrets()).toEqual([]);
      const last = moment >= 2;
      // A second update deletes the secrets that the first one had to keep for pods.
      if (last) await fleet.up();
      const found = await objects();
      expect(last ? found : [...new Set(found)]).toEqual(wanted(models, hasSecret));
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
      // After the last kill of each kind, the state is correct too.
      if (last) await fleet.must("preview", "--expect-no-changes");
      // A provider without its Pulumi would end only after minutes.
      await killProcesses(fleet.directory);
    },
  );
});
