import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { stateOf } from "../../cli/doctor/state";
import { SettingsFile } from "../../cli/settings-file";
import { killProcesses } from "../../dev/cluster/processes";
import { say } from "../../lib/progress";
import {
  type Attack,
  attack,
  type Battlefield,
  type Hit,
  randomAttack,
  usualOf,
} from "../support/crash/attack";
import { differences, formerVersions, nameOf, read, unlike } from "../support/crash/differences";
import { type Order, randomEdit, randomVerb } from "../support/crash/order";
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
import { type Course, courseLine, randomCourse, recover, type Recovery } from "../support/crash/recover";
import { hitLine, type Outcome, reportLines } from "../support/crash/report";
import { type SecretsWatch, watchSecrets } from "../support/crash/secrets-watch";
import { Random } from "../support/random";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const NAMESPACE = "crash";

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
/** Decides what is changed and killed: `MODELFLEET_SEED=<seed> npm test -- e2e crash` repeats a run. */
const SEED = number("MODELFLEET_SEED", Date.now() % 1_000_000);
/** `MODELFLEET_KILLS=100 MODELFLEET_MODELS=100 npm test -- e2e crash` is the whole proof, which takes one to two hours. */
const KILLS = number("MODELFLEET_KILLS", 4);
const MODELS = number("MODELFLEET_MODELS", 8);
/** Only where no other test uses the cluster, its control plane is stopped too. */
const IS_ALONE = KILLS > 4;
say(`  crash.test.ts: ${KILLS} kills with ${MODELS} models, seed ${SEED}`);

/** The phases in turn, so that each is hit often enough: the writing of the state takes a moment only. */
const MOMENTS = ["before", "sending", "writing", "sending", "writing"] as const;

describe("an update that is killed", () => {
  const random = new Random(SEED);
  const pool = poolOf(MODELS);
  const outcomes: Outcome[] = [];
  let fleet: Workspace;
  let field: Battlefield;
  let secrets: SecretsWatch;
  let encrypted: unknown[];
  let others: string[];
  let plan = firstPlan(MODELS);
  const configure = (wanted: Plan) => fleet.configure(settingsOf(wanted, encrypted));
  /** Identity and version of the objects of other owners. */
  const versionsOf = (found: Awaited<ReturnType<typeof read>>) =>
    found.others.map(
      (one) => `${nameOf(one)} (${one.metadata.uid}, version ${one.metadata.resourceVersion})`,
    );

  beforeAll(async () => {
    fleet = await Workspace.create({ stack: "crash", cluster, config: { namespace: NAMESPACE } });
    encrypted = await encryptedValues(fleet);
    configure(plan);
    const usual = await usualOf(fleet, (one) => one.start("up", "--yes", "--skip-preview"));
    await createOthers(fleet, NAMESPACE);
    others = versionsOf(await read(fleet, NAMESPACE));
    secrets = watchSecrets(cluster.kubeconfig, NAMESPACE);
    field = { fleet, cluster: cluster.directory, usual };
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
    const { objects: known, pending } = stateOf(JSON.stringify({ deployment: latestIn(fleet.state()) }));
    const former = formerVersions(found);
    const problems = [
      ...differences(found, expectedOf(wanted)),
      ...unlike(
        found.own.map(nameOf).filter((name) => !former.includes(name)),
        known.map(({ kind, name }) => `${kind}/${name}`),
        ["the state lacks", "only the state has"],
      ),
      ...unlike(others, versionsOf(found), [
        "changed or lost, of another owner:",
        "new or changed, of another owner:",
      ]),
      ...secrets.missing().map((name) => `secret/${name} was missing while something needed it`),
      ...(isCompared ? former : []).map((name) => `${name} is needed by nothing and still there`),
      ...fleet.locks().map((file) => `the lock ${file} is left`),
      ...readdirSync(fleet.stateFolder).flatMap((file) =>
        file.endsWith(".attrs") ? [`${file} is a file that a killed update may leave half written`] : [],
      ),
      ...pending.map((operation) => `an operation is pending: ${operation}`),
    ];
    expect(problems, problems.join("\n")).toEqual([]);
    if (isCompared) await fleet.must("preview", "--refresh", "--expect-no-changes");
  }

  /** After a round that failed, so that the next one begins as any other. */
  async function repair(): Promise<void> {
    await fleet.pulumi("cancel", "--yes");
    await fleet.pulumi("up", "--yes", "--skip-preview", "--refresh");
    await fleet.modelfleet(["doctor", "--fix", "--yes"]);
    secrets.missing();
  }

  /** A round that fails says what was done in it; the next one begins as any other. */
  async function play({ order, assault, wanted, course, isCompared }: Round): Promise<void> {
    let hit: Hit | undefined;
    let recovery: Recovery | undefined;
    const told = () => [order.title, hit ? hitLine(hit) : "no hit", courseLine(course)].join("; ");
    try {
      if (order.isEdit) configure(order.plan);
      hit = await attack(field, order.start, assault);
      plan = wanted;
      configure(wanted);
      const found = await recover(fleet, NAMESPACE, course, expectedOf(wanted));
      await check(wanted, isCompared);
      recovery = found;
    } catch (error) {
      const printed = hit ? `\nthe update that was killed printed:\n${hit.text}` : "";
      const text = `seed ${SEED}: ${told()}\n${String(error)}${printed}`;
      // At once, since the other rounds may take an hour.
      say(text);
      throw new Error(text, { cause: error });
    } finally {
      outcomes.push({ hit, recovery });
      say(`  crash.test.ts: ${told()}; ${recovery ? "as wanted" : "FAILED"}`);
      // A provider without its Pulumi would end only after minutes.
      await killProcesses(fleet.directory);
      if (recovery === undefined) await repair();
    }
  }

  test.each(Array.from({ length: KILLS }, (_, index) => index + 1))(
    "at random moment %i leaves a fleet that the next update, or doctor --fix, brings to the settings",
    async (round) => {
      const order = (IS_ALONE && random.isLucky(0.1) ? randomVerb : randomEdit)(plan, random, pool);
      await play({
        order,
        assault: randomAttack(random, MOMENTS[round % MOMENTS.length] ?? "sending", IS_ALONE),
        // The list changes in between, is put back, or stays.
        wanted: random.weighted([
          [1, changed(order.plan, random, pool)],
          [1, plan],
          [1, order.plan],
        ]),
        course: randomCourse(random),
        isCompared: IS_ALONE ? random.isLucky(0.1) : round === KILLS,
      });
    },
  );
});

/** What was decided for a round before it begins, so that a seed gives the same rounds whatever they take. */
interface Round {
  readonly order: Order;
  readonly assault: Attack;
  /** What the settings say when the user goes on. */
  readonly wanted: Plan;
  readonly course: Course;
  /** Whether every field is compared in the end. */
  readonly isCompared: boolean;
}

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
