import { METRICS_ANNOTATIONS } from "../../../fleet/metrics";
import type { Part } from "../part";

/**
 * Where Prometheus finds the metrics of a pod. A PodMonitor takes port and path from there too, so that one is enough for
 * all models.
 */
export const metrics: Part = ({ metrics: found, port }, { scrape = "annotations" }) => {
  if (found === undefined) return {};
  const { scraped, port: portKey, path } = METRICS_ANNOTATIONS;
  return {
    annotations: {
      ...(scrape === "annotations" && { [scraped]: "true" }),
      [portKey]: String(found.port ?? port),
      [path]: found.path,
    },
  };
};
