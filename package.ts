/** What the package offers to other programs: docs/package.md. Everything else of it may change in any release. */

import { announceFleet, createFleet as createObjects, type FleetOutputs } from "./components/fleet";
import { tellSize } from "./components/progress";
import { createProvider } from "./components/provider";
import { loadSettings } from "./config/load";
import { explainFailures } from "./failures/explain";
import { checkOwnership } from "./ownership/check";
import { lastUpdate } from "./ownership/last-update";
import { watchMissing } from "./ownership/missing";
import { removeUnusedSecrets } from "./ownership/unused-secrets";

export { fleetOwner } from "./config/load";
export { modelSettings } from "./config/one-model";
export type { ModelSettings, PartialModelSettings } from "./config/model-schema";
export { ModelService, type ModelServiceArgs } from "./components/model-service";
export { ModelIngress, type ModelIngressArgs } from "./components/routing/model-ingress";
export type { Route } from "./components/routing/route";

/** The stack's outputs, by the names under which `npx modelfleet` reads them. */
export interface StackFleet extends Omit<FleetOutputs, "secretNames"> {
  /** The cluster, by the UID of its namespace kube-system: another one next time is an error. Empty if it is not known. */
  readonly clusterId: string;
}

/** What a program says of itself. */
export interface CreateFleetOptions {
  /**
   * Whether the program has no transforms. Otherwise each object is checked for a new name after them, which takes a
   * second in a preview of 100 models.
   * @default false
   */
  readonly alone?: boolean;
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
export async function createFleet({ alone = false }: CreateFleetOptions = {}): Promise<StackFleet> {
  const settings = await loadSettings();
  const announcements = announceFleet(settings);
  await tellSize({ models: settings.models.length, objects: announcements.length });
  const ownership = await checkOwnership(settings, announcements, lastUpdate(settings.stackName));

  const { managesNamespace } = ownership;
  const warnOfMissing = watchMissing(settings, ownership);
  const { secretNames, ...fleet } = createObjects(settings, {
    managesNamespace,
    provider: createProvider(settings.cluster),
    explain: explainFailures(settings),
    alone,
  });
  warnOfMissing();
  removeUnusedSecrets(settings, ownership, secretNames);
  return { ...fleet, clusterId: ownership.clusterId ?? "" };
}
