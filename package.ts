/** What the package offers to other programs: docs/package.md. Everything else of it may change in any release. */

import * as pulumi from "@pulumi/pulumi";
import { tellingAbsence } from "./components/absence-hook";
import { shortenAnswers, type Watcher } from "./components/answers";
import { announceFleet, createFleet as createObjects, type FleetOutputs } from "./components/fleet";
import { tellSize } from "./components/progress";
import { createProvider } from "./components/provider";
import { leftReady } from "./config/applied";
import { loadSettings } from "./config/load";
import { questionsOf } from "./config/questions";
import type { Targeted } from "./config/targeted";
import { explainFailures } from "./failures/explain";
import { awaitFormer } from "./ownership/await-former";
import { type RolloutArgs, watchRollouts } from "./ownership/await-rollouts";
import { watchRoutes } from "./ownership/await-routes";
import { checkOwnership, type Ownership } from "./ownership/check";
import { handovers } from "./ownership/handover";
import { askForIngress } from "./ownership/ingress";
import { lastUpdate } from "./ownership/last-update";
import { watchMissing } from "./ownership/missing";
import { beginRecord } from "./ownership/record";
import { modelsTakenOver } from "./ownership/taken-over";
import { limitsOf } from "./ownership/targeted";
import { removeUnusedSecrets } from "./ownership/unused-secrets";

export { fleetOwner } from "./config/load";
export { modelSettings } from "./config/one-model";
export type { ModelSettings, PartialModelSettings } from "./config/model-schema";
export { ModelService, type ModelServiceArgs } from "./components/model-service";
export { ModelIngress, type ModelIngressArgs } from "./components/routing/model-ingress";
export type { Backend, Route } from "./components/routing/route";

/** The stack's outputs, by the names under which `npx modelfleet` reads them. */
export interface StackFleet extends Omit<FleetOutputs, "secretNames"> {
  /** The cluster, by the UID of its namespace kube-system: another one next time is an error. Empty if it is not known. */
  readonly clusterId: string;
  /**
   * Digests of the settings that this update has applied, as a secret; empty if some object was not. With them,
   * `modelfleet deploy` need not update the whole fleet.
   */
  readonly applied: pulumi.Output<string>;
}

/** What a program says of itself and of its fleet. */
export interface CreateFleetOptions {
  /**
   * Whether the program has no transforms and registers nothing else. Otherwise each object is checked for a new name
   * after them, which takes a second in a preview of 100 models, and `modelfleet deploy` updates the whole fleet.
   * @default false
   */
  readonly alone?: boolean;
  /** The component that the fleet is a part of. @default none */
  readonly parent?: pulumi.Resource;
  /** The folder of Pulumi.yaml, where the stack's settings are. @default that of the program */
  readonly folder?: string;
}

/**
 * Makes the fleet of the stack's settings (`modelfleet:...`): reads and checks them, checks the cluster, and registers
 * every object. To be called once per program.
 *
 * @example
 * export = createFleet();
 * @returns The stack's outputs, to be exported as they are.
 * @throws pulumi.RunError with every problem at once, before anything is sent
 */
export async function createFleet(options: CreateFleetOptions = {}): Promise<StackFleet> {
  const { alone = false, parent, folder } = options;
  const loaded = await loadSettings(folder);
  const last = lastUpdate(loaded.stackName);
  const { settings, ...asked } = await askForIngress(loaded);
  const announcements = announceFleet(settings);
  const asking = { ...settings, ...questionsOf(settings) };
  await tellSize({ models: settings.models.length, objects: announcements.length });
  const limits = limitsOf(settings, announcements, alone && parent === undefined);
  const ownership = await checkOwnership(asking, announcements, last, { ...asked, limits });

  const { managesNamespace, isOutdated } = ownership;
  const record = beginRecord(settings.stack, await last, { isPart: limits !== undefined, isOutdated });
  if (alone) spendLessPerObject(record);
  const moves = handovers(settings, ownership.snapshot);
  const wasReady = leftReady(loaded.applied, (await last).applied);
  const waitForEnds = watchEnds(settings, { ...ownership, wasReady });
  const provider = createProvider(settings.cluster);
  const { secretNames, ...fleet } = createObjects(settings, {
    managesNamespace,
    parent,
    provider,
    hooksOf: tellingAbsence(settings.models),
    takesOver: modelsTakenOver(settings, ownership.snapshot),
    handovers: moves,
    alone,
    only: limits?.only,
  });
  const ended = waitForEnds({ provider, ...(parent && { parent }) });
  removeUnusedSecrets(settings, ownership, secretNames);
  // Routes that waited for others do so in the state, until an update of both.
  const isComplete = ended.then((isDone) => isDone && moves.size === 0);
  const applied = record.end(loaded.applied, isComplete, { managesNamespace, secretVersions: secretNames });
  const outputs = { ...fleet, clusterId: ownership.clusterId ?? "" };
  if (loaded.targeted !== undefined) tellEnd(loaded.targeted, ended, outputs);
  return { ...outputs, applied };
}

/**
 * Watches what the fleet registers from now on.
 *
 * @returns Waits until all of it is done; to be called when everything is registered. Resolves to whether all is as the
 *   settings say, and ready.
 */
function watchEnds(
  settings: Awaited<ReturnType<typeof askForIngress>>["settings"],
  ownership: Ownership & Pick<RolloutArgs, "wasReady">,
): (opts: pulumi.CustomResourceOptions) => Promise<boolean> {
  const refuseMissing = watchMissing(settings, ownership);
  awaitFormer(settings, ownership.snapshot);
  const rollouts = watchRollouts({ ...settings, ...ownership, explain: explainFailures(settings) });
  const awaitRoutes = watchRoutes(settings, ownership, rollouts);
  return (opts) => {
    // A component's process would not wait for what is no call of the engine.
    const release = pulumi.runtime.rpcKeepAlive();
    const ends = [refuseMissing(), rollouts.end(opts), awaitRoutes()] as const;
    // Pulumi reports what rejects an output.
    for (const end of ends) pulumi.output<unknown>(end);
    void Promise.allSettled(ends).then(release);
    return Promise.all(ends).then(([isWhole, isReady]) => isWhole && isReady);
  };
}

/** Tells the command that asked for this update what it made, once that is done. */
function tellEnd(targeted: Targeted, ended: Promise<boolean>, outputs: Omit<StackFleet, "applied">): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi.all([outputs, ended]).apply(([told, isDone]) => (isDone ? targeted.finish(told) : undefined));
}

/** What takes time per object, and serves no program that registers nothing but the fleet: docs/performance.md. */
function spendLessPerObject(watcher: Watcher): void {
  // Pulumi takes a stack for each of its promises, tens per object, and shows none of them. One place is left, for errors.
  Error.stackTraceLimit = 1;
  // A whole stack for each object, which the state keeps: a tenth of it, with places in the bundle that no file has.
  Object.assign(pulumi.Resource, { callsites: () => [] });
  shortenAnswers(watcher);
}
