import { createFleet } from "./package";

const fleet = await createFleet({ alone: true });

/**
 * The fleet's namespace, the URL of each model by ID, what runs by model ID, the ID of the cluster, and a digest of the
 * settings that were applied.
 */
export const { namespace, urls, models, clusterId, applied } = fleet;
