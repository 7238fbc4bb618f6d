import { describe, expect, test } from "vitest";
import type { FleetDiff } from "../../../../cli/diff/fleet-diff";
import { diffMarkdown } from "../../../../cli/diff/render";

describe("Markdown", () => {
  const totals = { pods: 1, cpu: "0", memory: "0", gpus: 0 };
  const of = (words: string, models: number): FleetDiff => ({
    models: Array.from({ length: models }, (_, index) => ({
      id: `m${index}`,
      kind: "added" as const,
      words: [words],
    })),
    fleet: [],
    totals: { before: totals, after: totals },
    drift: [],
  });

  test("hides more than 40 lines until they are wanted", () => {
    expect(diffMarkdown(of("x", 40), "prod")).not.toContain("<details>");
    expect(diffMarkdown(of("x", 41), "prod")).toContain("<details><summary>41 lines</summary>\n\n```diff\n");
  });

  test("no value ends the block or begins a line", () => {
    expect(diffMarkdown(of("label a added (```\n# x)", 1), "prod")).toContain(
      "````diff\n+ m0: label a added (``` # x)\n````",
    );
  });
});
