import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { stateOf } from "../../cli/doctor/state";
import { SettingsFile } from "../../cli/settings-file";
import { killProcesses } from "../../dev/cluster/processes";
import { say } from "../../lib/progress";
import { attack, type Battlefield, randomAttack, UNKNOWN } from "../support/crash/attack";
import { differences, formerVersions, nameOf, read } from "../support/crash/differences";
import { randomEdit, randomVerb } from "../support/crash/order";
import { createOthers } from "../support/crash/others";
import {
  changed,
  expectedOf,
  firstPlan,
  type Plan,
  poolOf,
  settingsOf,
  valueOf,
  VALUES,
} from "../support/crash/plan";
import { randomCourse, recover, type Recovery } from "../support/crash/recover";
import { hitLine, type Outcome, reportLines } from "../support/crash/report";
import { type SecretsWatch, watchSecrets } from "../support/crash/secrets-watch";
import { Random } from "../support/random";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const NAMESPACE = "crash";

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
/** Decides what is changed and killed: `MODELFLEET_SEED=<seed> npm test -- e2e crash` repeats a run. */
const SEED = number("MODELFLEET_SEED", Date.now() % 1_000_000);
/** `MODELFLEET_KILLS=100 MODELFLEET_MODELS=100 npm test -- e2e crash` is the whole proof, which takes an hour. */
const KILLS = number("MODELFLEET_KILLS", 4);
const MODELS = number("MODELFLEET_MODELS", 8);
/** Only where no other test uses the cluster, its control plane is stopped too. */
const IS_ALONE = KILLS > 4;
say(`  crash.test.ts: ${KILLS} kills with ${MODELS} models, seed ${SEED}`);

/** The phases in turn, so that each is hit often enough: the state is written in a moment. */
const MOMENTS = ["sending", "writing", "sending", "before"] as const;

describe("an update that is killed", () => {
  const random = new Random(SEED);
  const pool = poolOf(MODELS);
  const outcomes: Outcome[] = [];
  let fleet: Workspace;
  let field: Battlefield;
  let secrets: SecretsWatch;
  let encrypted: unknown[];
  let others: string;
  let plan = firstPlan(MODELS);
  const configure = (wanted: Plan) => fleet.configure(settingsOf(wanted, encrypted));
  /** Identity and version of the objects of other owners. */
  const versionsOf = (found: Awaited<ReturnType<typeof read>>) =>
    found.others
      .map(({ kind, metadata }) => `${kind}/${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`)
      .join("\n");

  beforeAll(async () => {
    fleet = await Workspace.create({ stack: "crash", cluster, config: { namespace: NAMESPACE } });
    encrypted = await encryptedValues(fleet);
    configure(plan);
    await fleet.up();
    await createOthers(fleet, NAMESPACE);
    others = versionsOf(await read(fleet, NAMESPACE));
    secrets = watchSecrets(cluster.kubeconfig, NAMESPACE);
    field = { fleet, cluster: cluster.directory, usual: { ...UNKNOWN } };
  });
  afterAll(async () => {
    await secrets.stop();
    for (const line of reportLines(outcomes)) say(`  crash.test.ts: ${line}`);
    await fleet.remove(NAMESPACE);
  });

  /** @param isCompared Whether every field is compared too, which takes two more commands. */
  async function check(wanted: Plan, isCompared: boolean): Promise<void> {
    // A second update deletes the Secrets that the first one had to keep for pods.
    if (isCompared) await fleet.up();
    const found = await read(fleet, NAMESPACE);
    const state = stateOf(JSON.stringify({ deployment: latestIn(fleet.state()) }));
    const former = formerVersions(found);
    const inState = state.objects.map(({ kind, name }) => `${kind}/${name}`).sort();
    expect({
      differences: differences(found, expectedOf(wanted)),
      "Secrets that were needed and missing": secrets.missing(),
      "former Secrets that nothing needs": isCompared ? former : [],
      "objects of others": versionsOf(found),
      locks: fleet.locks(),
      "pending operations": state.pending,
      "objects in the state": inState,
    }).toEqual({
      differences: [],
      "Secrets that were needed and missing": [],
      "former Secrets that nothing needs": [],
      "objects of others": others,
      locks: [],
      "pending operations": [],
      "objects in the state": found.own
        .map(nameOf)
        .filter((name) => !former.includes(name))
        .sort(),
    });
    if (isCompared) await fleet.must("preview", "--refresh", "--expect-no-changes");
  }

  /** After a round that failed, so that the next one begins as any other. */
  async function repair(): Promise<void> {
    await fleet.pulumi("cancel", "--yes");
    await fleet.pulumi("up", "--yes", "--skip-preview", "--refresh");
    await fleet.modelfleet(["doctor", "--fix", "--yes"]);
    secrets.missing();
  }

  test.each(Array.from({ length: KILLS }, (_, index) => index + 1))(
    "at random moment %i leaves a fleet that the next update, or doctor --fix, brings to the settings",
    async (round) => {
      const order = (IS_ALONE && random.isLucky(0.2) ? randomVerb : randomEdit)(plan, random, pool);
      const assault = randomAttack(random, MOMENTS[round % MOMENTS.length] ?? "sending", IS_ALONE);
      // The list changes in between, is put back, or stays.
      const wanted = random.weighted([
        [1, changed(order.plan, random, pool)],
        [1, plan],
        [1, order.plan],
      ]);
      const course = randomCourse(random);
      const isCompared = IS_ALONE ? random.isLucky(0.2) : round === KILLS;
      if (order.isEdit) configure(order.plan);
      const hit = await attack(field, order.start, assault);
      const title = `round ${round} of seed ${SEED}: ${order.title}, ${hitLine(hit)}, ${course.unlock}, ${course.refresh ? "refresh" : "no refresh"}`;
      let recovery: Recovery | undefined;
      try {
        configure(wanted);
        plan = wanted;
        recovery = await recover(fleet, NAMESPACE, course, expectedOf(wanted));
        await check(wanted, isCompared);
        say(`  crash.test.ts: ${title}`);
      } catch (error) {
        recovery = undefined;
        throw new Error(`${title}\n${String(error)}\nthe update that was killed printed:\n${hit.text}`, {
          cause: error,
        });
      } finally {
        outcomes.push({ hit, recovery });
        // A provider without its Pulumi would end only after minutes.
        await killProcesses(fleet.directory);
        if (recovery === undefined) await repair();
      }
    },
  );
});

/** Lets Pulumi encrypt each value, and returns them as they are in a settings file. */
async function encryptedValues(fleet: Workspace): Promise<unknown[]> {
  const all = Array.from({ length: VALUES }, (_, index) => index);
  const args = all.flatMap((index) => ["--secret", `modelfleet:secrets.v${index}=${valueOf(index)}`]);
  await fleet.must("config", "set-all", "--path", ...args);
  const file = SettingsFile.read(fleet.settingsFile);
  return all.map((index) => file.get(["modelfleet:secrets", `v${index}`]));
}

/** The last state in the text of its file. */
function latestIn(state: string): unknown {
  return (JSON.parse(state) as { checkpoint: { latest: unknown } }).checkpoint.latest;
}
