import { z } from "zod";
import { SCRAPES } from "../fleet/scrape";
import { labels, setting } from "./rules";

/** How the fleet is watched. */
export const monitoring = z
  .strictObject({
    scrape: setting(
      z.enum(SCRAPES).default("annotations"),
      "How Prometheus finds the metrics of models that have `metrics`: by `annotations` of their pods (`prometheus.io/scrape`, `port` and `path`), or by one `podMonitor`, for which the cluster needs the Prometheus Operator.",
    ),
    labels: setting(
      labels.default({}),
      "Additional labels of the PodMonitor, such as the one by which Prometheus selects it: `release: <name>` with the chart kube-prometheus-stack.",
    ),
  })
  .refine(
    ({ scrape, labels: given }) => scrape === "podMonitor" || Object.keys(given).length === 0,
    "has labels for a PodMonitor, and scrape is annotations; set scrape to podMonitor, or remove them",
  );
export type MonitoringSettings = z.output<typeof monitoring>;
