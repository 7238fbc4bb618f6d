import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { alertsOf } from "../../../../cli/monitoring/alerts";
import { filesOf, monitoring } from "../../../../cli/monitoring/monitoring";
import { RECORDED, rulesOf } from "../../../../cli/monitoring/rules";
import { UsageError } from "../../../../lib/user-error";

const WATCHED = { stack: "prod", namespace: "models", errorPercent: 2, latencySeconds: 30 };

describe("the files of a fleet", () => {
  const files = filesOf(WATCHED);

  test("have the same rules for Prometheus and for its operator", () => {
    const rules: unknown = parse(files["rules.yaml"]?.text ?? "");
    expect(rules).toEqual(rulesOf(WATCHED));
    expect(parse(files["prometheus-rule.yaml"]?.text ?? "")).toMatchObject({
      kind: "PrometheusRule",
      metadata: { namespace: "models" },
      spec: rules,
    });
  });

  test("have a dashboard whose panels do not overlap", () => {
    const { panels } = JSON.parse(files["dashboard.json"]?.text ?? "") as {
      panels: { gridPos: { x: number; y: number } }[];
    };
    expect(panels).toHaveLength(9);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x}/${y}`)).size).toBe(9);
  });

  test("are about the fleet's namespace alone", () => {
    for (const { expr } of rulesOf(WATCHED).groups.flatMap(({ rules }) => rules))
      expect(expr).toMatch(/models/);
  });
});

test("every alert says in words what is wrong and what to do, and names the fleet", () => {
  for (const { labels, annotations } of alertsOf(WATCHED)) {
    expect(labels).toMatchObject({ fleet: "prod", namespace: "models" });
    for (const text of [annotations.description, annotations.action]) expect(text).toMatch(/^\S.*\.$/);
    expect(annotations.summary).toMatch(/^\{\{ \$labels\.model \}\}: |^models: /);
  }
});

test("the limits are those that were asked for", () => {
  const exprs = alertsOf(WATCHED).map(({ expr }) => expr);
  expect(exprs.some((expr) => expr.includes("> 0.02 and"))).toBe(true);
  expect(exprs.some((expr) => expr.includes(RECORDED.seconds) && expr.endsWith(">= 30"))).toBe(true);
});

test.each(["0", "-1", "x", ""])("a limit of %j is refused before anything is asked", async (text) => {
  const options = { stack: undefined, out: undefined, "error-percent": text, "latency-seconds": undefined };
  await expect(monitoring(options)).rejects.toThrow(
    new UsageError(`--error-percent: ${JSON.stringify(text)} is not a number above 0`),
  );
});
