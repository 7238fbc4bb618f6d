import { describe, expect, test } from "vitest";
import { createFleet } from "../../../../../components/fleet";
import { podMonitorSpec } from "../../../../../components/pod-monitor";
import { type Manifest, manifests, registered } from "../../../../../dev/registered";
import { fleetOf, problems, withImage } from "../../../../support/settings";

async function objects(settings: Record<string, unknown>): Promise<Manifest[]> {
  const fleet = fleetOf(settings);
  const resources = await registered(() => {
    createFleet({ ...fleet, stack: "dev" }, { managesNamespace: false });
  });
  return manifests(resources);
}

const ofPods = (all: readonly Manifest[]) =>
  all
    .filter(({ kind }) => kind === "Deployment")
    .map(({ spec }) => (spec as { template: { metadata: object } }).template.metadata)
    .map((metadata) => (metadata as { annotations: object }).annotations);

describe("a model with metrics", () => {
  test("says so to Prometheus by annotations of its pods", async () => {
    expect(ofPods(await objects({ catalog: { iris: { port: 80, metrics: {} } } }))).toEqual([
      { "prometheus.io/scrape": "true", "prometheus.io/port": "80", "prometheus.io/path": "/metrics" },
    ]);
  });

  test("does not ask to be scraped by annotation where a PodMonitor does it", async () => {
    const all = await objects({
      models: "iris,wine",
      monitoring: { scrape: "podMonitor", labels: { release: "p" } },
      catalog: { iris: { metrics: { port: 9090, path: "/stats" } } },
    });
    expect(ofPods(all)).toEqual([{ "prometheus.io/port": "9090", "prometheus.io/path": "/stats" }, {}]);
    const monitors = all.filter(({ kind }) => kind === "PodMonitor");
    expect(monitors).toMatchObject([
      { metadata: { name: "modelfleet", labels: { release: "p" } }, spec: podMonitorSpec("dev") },
    ]);
  });

  test("says where they are once", () => {
    const iris = { metrics: {}, annotations: { "prometheus.io/port": "1", "example.com/x": "2" } };
    expect(problems(withImage({ catalog: { iris } }))).toEqual([
      'catalog.iris.annotations["prometheus.io/port"]: "1" is set beside metrics, which sets it; remove one of the two',
    ]);
  });
});

test("a PodMonitor takes the port and the path that a pod's annotations name", () => {
  expect(podMonitorSpec("dev")).toMatchObject({
    selector: { matchLabels: { "app.kubernetes.io/instance": "dev" } },
    podMetricsEndpoints: [
      {
        relabelings: [
          {
            action: "keepequal",
            sourceLabels: ["__meta_kubernetes_pod_annotation_prometheus_io_port"],
            targetLabel: "__meta_kubernetes_pod_container_port_number",
          },
          {
            sourceLabels: ["__meta_kubernetes_pod_annotation_prometheus_io_path"],
            targetLabel: "__metrics_path__",
          },
        ],
      },
    ],
  });
});

test("labels of a PodMonitor are refused without one", () => {
  expect(problems(withImage({ monitoring: { labels: { a: "b" } } }))).toEqual([
    'monitoring: {"labels":{"a":"b"}} has labels for a PodMonitor, and scrape is annotations; set scrape to podMonitor, or remove them',
  ]);
});
