import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import type { MonitoringSettings } from "../config/monitoring-schema";
import { type Fleet, variantsOf } from "../config/resolve";
import { METRICS_ANNOTATIONS } from "../fleet/metrics";
import { FLEET_NAMES } from "../fleet/names";
import { type Announcement, KINDS } from "../fleet/objects";
import { podsOfFleet } from "../fleet/owner";
import { type Extras, metadata, type Scope } from "./metadata";

/** What decides whether there is one. */
type Watched = Pick<Fleet<unknown>, "models"> & { readonly monitoring?: MonitoringSettings | undefined };

/** Announces the object of {@link createPodMonitor}. */
export function podMonitorObjects(fleet: Watched): Announcement[] {
  if (!isWanted(fleet)) return [];
  return [{ object: `podmonitor/${FLEET_NAMES.podMonitor}`, by: "monitoring" }];
}

function isWanted({ monitoring, models }: Watched): boolean {
  if (monitoring?.scrape !== "podMonitor") return false;
  return models.some((model) => variantsOf(model).some(({ metrics }) => metrics !== undefined));
}

/**
 * The one PodMonitor of the fleet: Prometheus looks through all pods of a namespace for each of its endpoints, so one per
 * model would make it slow.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
 */
export function createPodMonitor(
  { models, monitoring, ...args }: Watched & Scope & Extras,
  opts?: pulumi.CustomResourceOptions,
): void {
  if (!isWanted({ models, monitoring })) return;
  const { apiVersion, kind } = KINDS.podmonitor;
  const name = FLEET_NAMES.podMonitor;
  const labels = { ...args.labels, ...monitoring?.labels };
  new CustomResource(
    name,
    {
      apiVersion,
      kind,
      metadata: metadata(args, { ...args, name, labels }),
      spec: podMonitorSpec(args.stack),
    },
    opts,
  );
}

/** Of the ports of a pod, the one that its annotation names; of a pod without the annotation, none. */
export function podMonitorSpec(stack: string): object {
  const meta = (key: string) => `__meta_kubernetes_pod_annotation_${key.replace(/[./-]/g, "_")}`;
  const { port, path } = METRICS_ANNOTATIONS;
  return {
    selector: { matchLabels: podsOfFleet(stack) },
    podTargetLabels: ["app.kubernetes.io/name", "modelfleet.dev/variant"],
    podMetricsEndpoints: [
      {
        relabelings: [
          {
            action: "keepequal",
            sourceLabels: [meta(port)],
            targetLabel: "__meta_kubernetes_pod_container_port_number",
          },
          { action: "replace", sourceLabels: [meta(path)], targetLabel: "__metrics_path__" },
        ],
      },
    ],
  };
}
