/** How pods say where they have metrics. Pure. */

/** The annotations that most configurations of Prometheus read. */
export const METRICS_ANNOTATIONS = {
  scraped: "prometheus.io/scrape",
  port: "prometheus.io/port",
  path: "prometheus.io/path",
} as const;
