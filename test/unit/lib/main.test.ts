import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EXIT, main } from "../../../lib/main";
import { UsageError, UserError } from "../../../lib/user-error";

let printed: string;
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

test("work that succeeds leaves the exit code as it is", async () => {
  await main(async () => undefined);
  expect({ printed, code: process.exitCode }).toEqual({ printed: "", code: undefined });
});

test.each([
  ["a UserError shows its message alone and exits with 1", new UserError("no such stack"), EXIT.failed],
  ["a UsageError shows its message alone and exits with 2", new UsageError("no such stack"), EXIT.wrongUse],
])("%s", async (_, error, code) => {
  await main(() => Promise.reject(error));
  expect({ printed, code: process.exitCode }).toEqual({ printed: "error: no such stack\n", code });
});

test("any other error shows its stack and exits with 1", async () => {
  await main(() => Promise.reject(new TypeError("a fault")));
  expect(process.exitCode).toBe(EXIT.failed);
  expect(printed).toMatch(/^TypeError: a fault\n {4}at /);
});
