import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { queriesOf } from "../../cli/monitoring/dashboard";
import { filesOf } from "../../cli/monitoring/monitoring";
import { ensureTools } from "../../dev/toolchain/ensure";
import { type Scenario, SCENARIOS } from "../support/rule-scenarios";

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
