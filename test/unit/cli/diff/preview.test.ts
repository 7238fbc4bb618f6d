import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { afterEach, describe, expect, test, vi } from "vitest";
import { preview } from "../../../../cli/diff/preview";
import type { OpenStack } from "../../../../cli/stack";
import type { Whole } from "../../../../config/applied";
import { readTargeted, TARGETED_BY } from "../../../../config/targeted";
import { UserError } from "../../../../lib/user-error";

afterEach(() => void vi.restoreAllMocks());

/** A stack whose preview reports these messages, and then succeeds or fails. */
function stackWith(messages: readonly [severity: string, message: string][], failure?: Error) {
  const preview = ({ onEvent, refresh }: { onEvent: (event: EngineEvent) => void; refresh: boolean }) => {
    for (const [severity, message] of messages)
      onEvent({
        sequence: 1,
        timestamp: 1,
        diagnosticEvent: { severity, message, color: "never" },
      } as EngineEvent);
    asked.push(refresh);
    return failure === undefined ? Promise.resolve() : Promise.reject(failure);
  };
  const asked: boolean[] = [];
  const stack = { preview } as unknown as Stack;
  return { opened: { name: "prod", stack } as OpenStack, asked };
}

function stderr(): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  return lines;
}

test("a preview prints Pulumi's warnings, and none of its debug messages, which may hold secrets", async () => {
  const lines = stderr();
  const { opened, asked } = stackWith([
    ["debug", "data c2VjcmV0\n"],
    ["warning", "service/wine: dashboard set spec.ports\n"],
    ["info", "9 models\n"],
  ]);
  const { diff, isPart } = await preview(opened, "all, refreshed");
  const { models, drift } = diff;
  expect(isPart).toBe(false);
  expect({ models, drift, asked }).toEqual({ models: [], drift: [], asked: [true] });
  expect(lines.slice(0, -1)).toEqual([
    "… Previewing stack prod\n",
    "warning: service/wine: dashboard set spec.ports\n",
  ]);
});

test("a failed preview is the errors that Pulumi reports, each once", async () => {
  stderr();
  const message =
    '1 problem in the stack\'s settings; nothing was changed:\n  models[0]: "Iris" is not a valid model ID\n';
  const { opened, asked } = stackWith(
    [
      ["error", message],
      ["error", message],
      ["error", "preview failed"],
    ],
    new Error("exit 255"),
  );
  await expect(preview(opened, "all")).rejects.toThrow(
    new UserError(`the preview of stack prod failed:\n- ${message.trim()}`),
  );
  expect(asked).toEqual([false]);
});

describe("a preview of the models that have changed", () => {
  /** A stack whose program refuses, or not, by the models that it is asked for. */
  function stackThat(refuses: (models: readonly string[]) => Whole | undefined) {
    const envVars: Record<string, string> = {};
    const asked: (readonly string[] | "all")[] = [];
    const run = ({ onEvent }: { onEvent: (event: EngineEvent) => void }) => {
      const message = "image without a digest\n";
      onEvent({
        sequence: 1,
        timestamp: 1,
        diagnosticEvent: { severity: "warning", message, color: "never" },
      });
      const targeted = readTargeted(envVars[TARGETED_BY]);
      asked.push(targeted === undefined ? "all" : [...targeted.models]);
      const whole = targeted && refuses([...targeted.models]);
      return targeted && whole ? Promise.reject(targeted.refuse(whole)) : Promise.resolve();
    };
    const last = { kind: "update", result: "succeeded", message: "", environment: {} };
    const stack = { preview: run, history: () => Promise.resolve([last]) };
    const workspace = { envVars, projectSettings: () => Promise.resolve({ name: "modelfleet" }) };
    return { opened: { name: "prod", shortName: "prod", stack, workspace } as unknown as OpenStack, asked };
  }

  test("looks at none if none has", async () => {
    stderr();
    const { opened, asked } = stackThat(() => undefined);
    expect(await preview(opened, "changed")).toMatchObject({ isPart: true });
    expect(asked).toEqual([[]]);
  });

  test("asks the program which have, and says its warnings once", async () => {
    const lines = stderr();
    const why = "other models have changed";
    const { opened, asked } = stackThat((models) =>
      models.length === 0 ? { why, changed: ["iris"] } : undefined,
    );
    expect(await preview(opened, "changed")).toMatchObject({ isPart: true });
    expect(asked).toEqual([[], ["iris"]]);
    expect(lines.filter((line) => line.startsWith("warning"))).toEqual(["warning: image without a digest\n"]);
  });

  test.each<[string, (models: readonly string[]) => Whole | undefined, unknown[]]>([
    ["if the program says so", () => ({ why: "it rains" }), [[], "all"]],
    [
      "if something else speaks against a part",
      (models) => ({ why: "it rains", ...(models.length === 0 && { changed: ["iris"] }) }),
      [[], ["iris"], "all"],
    ],
  ])("looks at all %s", async (_when, refuses, expected) => {
    stderr();
    const { opened, asked } = stackThat(refuses);
    expect(await preview(opened, "changed")).toMatchObject({ isPart: false, whyWhole: "it rains" });
    expect(asked).toEqual(expected);
  });

  test("does not say that it looks at all if only many have changed, or the program is not alone", async () => {
    stderr();
    const { opened } = stackThat(() => ({ why: "other models have changed", isUsual: true }));
    expect(await preview(opened, "changed")).not.toHaveProperty("whyWhole");
    expect(await preview(opened, ["iris"])).toHaveProperty("whyWhole");
  });

  test("looks at all if Pulumi cannot work with targets, as after an edit of the state", async () => {
    stderr();
    const { opened, asked } = stackThat((models) => {
      if (models.length === 0) throw new UserError("resource A depends on B, not specified in --target list");
      return undefined;
    });
    expect(await preview(opened, "changed")).toMatchObject({ isPart: false });
    expect(asked).toEqual([[], "all"]);
  });
});
