import { announceFleet, createFleet } from "./components/fleet";
import { tellSize } from "./components/progress";
import { createProvider } from "./components/provider";
import { loadSettings } from "./config/load";
import { explainFailures } from "./failures/explain";
import { checkOwnership } from "./ownership/check";
import { lastUpdate } from "./ownership/last-update";
import { watchMissing } from "./ownership/missing";
import { modelsTakenOver } from "./ownership/taken-over";
import { removeUnusedSecrets } from "./ownership/unused-secrets";

const settings = await loadSettings();
const announcements = announceFleet(settings);
await tellSize({ models: settings.models.length, objects: announcements.length });
const ownership = await checkOwnership(settings, announcements, lastUpdate(settings.stack));

const { managesNamespace } = ownership;
const refuseMissing = watchMissing(settings, ownership);
const fleet = createFleet(settings, {
  managesNamespace,
  provider: createProvider(settings.cluster),
  explain: explainFailures(settings),
  takesOver: modelsTakenOver(settings, ownership.snapshot),
});
refuseMissing();
removeUnusedSecrets(settings, ownership, fleet.secretNames);

/** The fleet's namespace, the URL of each model by ID, and what runs by model ID. */
export const { namespace, urls, models } = fleet;
/** The cluster, by the UID of its namespace kube-system: another one next time is an error. Empty if it is not known. */
export const clusterId = ownership.clusterId ?? "";
