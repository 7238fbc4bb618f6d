import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { measure, parseTimes } from "../../../../dev/bench/measure";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "modelfleet-measure-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const signal = new AbortController().signal;
const shell = (script: string) => ({ file: "bash", args: ["-c", script], cwd: directory, env: {} });

test("user and system time are added up", () => {
  expect(parseTimes("12.500 3.250 0.750\n")).toEqual({ seconds: 12.5, cpuSeconds: 4 });
});

test("a report with decimal commas is read", () => {
  expect(parseTimes("1,500 0,250 0,250\n")).toEqual({ seconds: 1.5, cpuSeconds: 0.5 });
});

test("a line that is no report is an error", () => {
  expect(() => parseTimes("bash: no such command\n")).toThrow("is not a report of the shell's time");
});

test("the times of several commands are added up", async () => {
  const { seconds } = await measure([shell("sleep 0.1"), shell("sleep 0.1")], directory, signal);
  expect(seconds).toBeGreaterThanOrEqual(0.2);
});

test("the processor time of a command's child processes counts", async () => {
  const busy = "bash -c 'for ((i = 0; i < 100000; i++)); do :; done' & wait";
  const { cpuSeconds } = await measure([shell(busy)], directory, signal);
  expect(cpuSeconds).toBeGreaterThan(0.02);
});

test("a failing command is an error with its exit code and the end of its output", async () => {
  const failing = shell("echo out; echo err >&2; exit 3");
  await expect(measure([failing], directory, signal)).rejects.toThrow(
    /^ended with exit code 3: bash [^]*out\nerr$/,
  );
});

test("the reason of an interrupt is thrown unchanged", async () => {
  const interrupt = new AbortController();
  const running = measure([shell("sleep 60")], directory, interrupt.signal);
  interrupt.abort(new Error("stopped"));
  await expect(running).rejects.toThrow("stopped");
});
