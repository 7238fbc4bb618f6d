import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { afterEach, expect, test, vi } from "vitest";
import { previewFleet } from "../../../../cli/diff/diff";
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
  return { name: "prod", stack: { preview } as unknown as Stack, asked };
}

function stderr(): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  return lines;
}

test("a preview prints Pulumi's warnings, and none of its debug messages, which may hold secrets", async () => {
  const lines = stderr();
  const opened = stackWith([
    ["debug", "data c2VjcmV0\n"],
    ["warning", "service/wine: dashboard set spec.ports\n"],
    ["info", "9 models\n"],
  ]);
  const { models, drift } = await previewFleet(opened, { refresh: true });
  expect({ models, drift, asked: opened.asked }).toEqual({ models: [], drift: [], asked: [true] });
  expect(lines.slice(0, -1)).toEqual([
    "… Previewing stack prod\n",
    "warning: service/wine: dashboard set spec.ports\n",
  ]);
});

test("a failed preview is the errors that Pulumi reports, each once", async () => {
  stderr();
  const message =
    '1 problem in the stack\'s settings; nothing was changed:\n  models[0]: "Iris" is not a valid model ID\n';
  const opened = stackWith(
    [
      ["error", message],
      ["error", message],
      ["error", "preview failed"],
    ],
    new Error("exit 255"),
  );
  await expect(previewFleet(opened)).rejects.toThrow(
    new UserError(`the preview of stack prod failed:\n- ${message.trim()}`),
  );
  expect(opened.asked).toEqual([false]);
});
