import { QUANTILES, RECORDED, type Watched } from "./rules";

/** A query of a panel, and how its lines are named. */
interface Query {
  readonly expr: string;
  readonly legendFormat: string;
}

interface Panel {
  readonly title: string;
  /** What it shows, for people who have never seen it. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** As Grafana names it: `short`, `s`, `percentunit`, `reqps`. */
  readonly unit: string;
}

/** The columns of a dashboard, and the height of a panel. */
const [COLUMNS, HEIGHT] = [24, 8];
const DATA_SOURCE = { type: "prometheus", uid: "${datasource}" };

/** The queries of a dashboard, as Prometheus gets them once Grafana has put in the chosen models. */
export function queriesOf(watched: Watched): string[] {
  return panelsOf(watched).flatMap(({ queries }) =>
    queries.map(({ expr }) => expr.replaceAll("$model", ".+")),
  );
}

/** The dashboard of a fleet, as Grafana imports it. @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export function dashboardOf(watched: Watched): object {
  const { stack, namespace } = watched;
  const width = COLUMNS / 2;
  return {
    title: `modelfleet / ${stack}`,
    // The same on every generation, so that an import replaces the dashboard.
    uid: `modelfleet-${namespace}`.slice(0, 40),
    tags: ["modelfleet"],
    schemaVersion: 39,
    editable: true,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    templating: { list: variables(namespace) },
    panels: panelsOf(watched).map(({ title, description, queries, unit }, index) => ({
      ...{ id: index + 1, type: "timeseries", title, description, datasource: DATA_SOURCE },
      gridPos: { x: (index % 2) * width, y: Math.floor(index / 2) * HEIGHT, w: width, h: HEIGHT },
      targets: queries.map((query, place) => ({
        ...{ refId: String.fromCharCode(65 + place), datasource: DATA_SOURCE, ...query },
      })),
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      options: {
        legend: { displayMode: "table", placement: "right", calcs: ["lastNotNull"] },
        tooltip: { mode: "multi", sort: "desc" },
      },
    })),
  };
}

function variables(namespace: string): object[] {
  return [
    { name: "datasource", type: "datasource", query: "prometheus", label: "Prometheus" },
    {
      ...{ name: "model", type: "query", label: "Model", datasource: DATA_SOURCE },
      query: `label_values(kube_deployment_spec_replicas{namespace="${namespace}"}, deployment)`,
      ...{ refresh: 2, sort: 1, multi: true, includeAll: true, allValue: ".+" },
    },
  ];
}

function panelsOf(watched: Watched): Panel[] {
  return [...ofRequests(watched), ...ofPods(watched), ...ofResources(watched)];
}

function ofRequests({ namespace }: Watched): Panel[] {
  const chosen = `namespace="${namespace}",model=~"$model"`;
  const all = `sum by (model) (${RECORDED.requests}{${chosen}})`;
  return [
    {
      title: "Requests per second",
      description: "As the ingress controller or the Gateway counts them.",
      queries: [{ expr: all, legendFormat: "{{model}}" }],
      unit: "reqps",
    },
    {
      title: "Failed requests",
      description: "Share of the requests that were answered with a status of 5xx.",
      queries: [
        {
          expr: `sum by (model) (${RECORDED.requests}{${chosen},class="5xx"}) / ${all}`,
          legendFormat: "{{model}}",
        },
      ],
      unit: "percentunit",
    },
    {
      title: "Time of an answer",
      description: "50, 95 and 99 % of the answers are faster.",
      queries: QUANTILES.map((quantile) => ({
        expr: `max by (model) (${RECORDED.seconds}{${chosen},quantile="${quantile}"})`,
        legendFormat: `{{model}} p${Number(quantile) * 100}`,
      })),
      unit: "s",
    },
  ];
}

function ofPods({ namespace }: Watched): Panel[] {
  const ofDeployment = `namespace="${namespace}",deployment=~"$model"`;
  return [
    {
      title: "Pods",
      description: "Ready pods, and as many as there should be.",
      queries: [
        {
          expr: `max by (deployment) (kube_deployment_status_replicas_available{${ofDeployment}})`,
          legendFormat: "{{deployment}} ready",
        },
        {
          expr: `max by (deployment) (kube_deployment_spec_replicas{${ofDeployment}})`,
          legendFormat: "{{deployment}} wanted",
        },
      ],
      unit: "short",
    },
    {
      title: "Restarts within 15 minutes",
      description: "Of the containers of the model's server.",
      queries: [
        {
          expr: `${RECORDED.restarts}{namespace="${namespace}",model=~"$model"}`,
          legendFormat: "{{model}}",
        },
      ],
      unit: "short",
    },
  ];
}

function ofResources({ namespace }: Watched): Panel[] {
  const chosen = `{namespace="${namespace}",model=~"$model"}`;
  const panel = (title: string, description: string, record: string, unit: string): Panel => ({
    ...{ title, description, unit },
    queries: [{ expr: `${record}${chosen}`, legendFormat: "{{model}}" }],
  });
  return [
    panel("Processor cores", "Of all pods of a model.", RECORDED.cpu, "short"),
    panel(
      "Throttled",
      "Share of the periods in which a pod had used up its limit of processor time; the worst pod.",
      RECORDED.throttled,
      "percentunit",
    ),
    panel("Memory", "Share of its limit; the fullest pod.", RECORDED.memory, "percentunit"),
    {
      title: "Reports",
      description: "Rules that report something now.",
      queries: [
        {
          expr: `count by (alertname, model) (ALERTS{namespace="${namespace}",alertname=~"Modelfleet.+",alertstate="firing"})`,
          legendFormat: "{{alertname}} {{model}}",
        },
      ],
      unit: "short",
    },
  ];
}
