/** The ways in which Prometheus learns where models have metrics. */
export const SCRAPES = ["annotations", "podMonitor"] as const;
export type Scrape = (typeof SCRAPES)[number];
