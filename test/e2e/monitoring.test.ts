import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { stringify } from "yaml";
import { queriesOf } from "../../cli/monitoring/dashboard";
import { filesOf } from "../../cli/monitoring/monitoring";
import { ensureTools } from "../../dev/toolchain/ensure";
import { type Scenario, SCENARIOS } from "../support/rule-scenarios";
import { Workspace } from "../support/workspace";

const WATCHED = { stack: "prod", namespace: "models", errorPercent: 5, latencySeconds: 5 };

describe("what `modelfleet monitoring` writes", () => {
  let folder: string;
  let promtool: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "modelfleet-rules-"));
    ({ promtool } = await ensureTools(["promtool"]));
    writeFileSync(join(folder, "rules.yaml"), filesOf(WATCHED)["rules.yaml"]?.text ?? "");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const checked = async (...args: readonly string[]) => {
    const { exitCode, all } = await execa(promtool, args, { cwd: folder, reject: false, all: true });
    return { exitCode, all };
  };

  test("is rules that Prometheus takes", async () => {
    const { exitCode, all } = await checked("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml");
    expect(exitCode, all).toBe(0);
  });

  test("is a dashboard whose every query Prometheus can parse", async () => {
    const rules = queriesOf(WATCHED).map((expr, index) => ({ record: `query:${index}`, expr }));
    writeFileSync(join(folder, "queries.yaml"), stringify({ groups: [{ name: "dashboard", rules }] }));
    const { all } = await checked("check", "rules", "queries.yaml");
    expect(all).toContain(`${rules.length} rules found`);
  });

  test("reports what is wrong, of the model that it is about, and nothing else", async () => {
    const tests = SCENARIOS.map(asTest);
    const file = { rule_files: ["rules.yaml"], evaluation_interval: "1m", tests };
    writeFileSync(join(folder, "tests.yaml"), stringify(file));
    const { exitCode, all } = await checked("test", "rules", "tests.yaml");
    expect(exitCode, all).toBe(0);
  });
});

function asTest({ name, series, at, firing }: Scenario): object {
  const expected = firing.map((one) => {
    const [alert, model] = one.split(" ");
    return { labels: `{alertname="${alert}"${model ? `,model="${model}"` : ""}}`, value: 1 };
  });
  return {
    name,
    interval: "1m",
    input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
    promql_expr_test: [
      {
        expr: 'count by (alertname, model) (ALERTS{alertstate="firing"})',
        eval_time: at,
        exp_samples: expected,
      },
    ],
  };
}

describe("a fleet that a Prometheus Operator watches", () => {
  const stack = "watched";
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      ...{ stack, cluster: inject("simulated") },
      config: {
        ...{ namespace: stack, models: ["iris"] },
        defaults: { image: "registry.example/model:1", metrics: { port: 9090, path: "/stats" } },
        monitoring: { scrape: "podMonitor", labels: { release: "prometheus" } },
      },
    });
  });
  afterAll(async () => {
    const kinds = ["podmonitors", "prometheusrules"].map((kind) => `${kind}.monitoring.coreos.com`);
    await fleet.kubectl("delete", "customresourcedefinition", ...kinds, "--ignore-not-found", "--wait=false");
    await fleet.remove(stack);
  });

  test("is refused in a cluster without the operator's kinds", async () => {
    const { exitCode, text } = await fleet.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      "monitoring.scrape: podMonitor needs a PodMonitor, and the cluster has no such kind; " +
        "install the Prometheus Operator, or set monitoring.scrape to annotations",
    );
  });

  test("has one PodMonitor, and rules that the API server takes", async () => {
    const kinds = (await ensureTools(["prometheus-operator"]))["prometheus-operator"];
    await fleet.kubectl("create", "-f", kinds);
    await fleet.kubectl("wait", "--for=condition=Established", "-f", kinds);
    await fleet.up();

    const [monitor, deployment] = await Promise.all(
      ["podmonitor/modelfleet", "deployment/iris"].map(
        async (object) =>
          JSON.parse(await fleet.kubectl("get", object, "-n", stack, "-o", "json")) as {
            metadata: { labels: object };
            spec: { podMetricsEndpoints?: object[]; template?: { metadata: { annotations: object } } };
          },
      ),
    );
    expect(monitor?.metadata.labels).toMatchObject({ release: "prometheus" });
    expect(monitor?.spec.podMetricsEndpoints).toMatchObject([
      { relabelings: [{ action: "keepequal" }, { targetLabel: "__metrics_path__" }] },
    ]);
    expect(deployment?.spec.template?.metadata.annotations).toEqual({
      "prometheus.io/port": "9090",
      "prometheus.io/path": "/stats",
    });

    const { exitCode, stdout } = await fleet.modelfleet(["monitoring", "--stack", stack, "--out", "out"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("out/dashboard.json: for Grafana");
    await fleet.kubectl("apply", "--dry-run=server", "-f", "out/prometheus-rule.yaml");
  });
});
