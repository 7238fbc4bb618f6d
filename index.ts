import { createFleet } from "./package";

const fleet = await createFleet({ alone: true });

/** The fleet's namespace, the URL of each model by ID, what runs by model ID, and the ID of the cluster. */
export const { namespace, urls, models, clusterId } = fleet;
