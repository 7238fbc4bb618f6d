import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  locksOf,
  releaseDeadLocks,
  releaseLock,
  runningUpdates,
  untilUpdated,
} from "../../../cli/state-locks";

let state: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "modelfleet-locks-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(state, { recursive: true });
});

/** A process that waits, started by the given name. */
async function processNamed(name: string): Promise<number> {
  const program = join(state, name);
  symlinkSync(process.execPath, program);
  writeFileSync(join(state, "up"), "setInterval(() => undefined, 1000);");
  const child = spawn(program, ["up"], { cwd: state, stdio: "ignore" });
  children.push(child);
  await once(child, "spawn");
  return child.pid as number;
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid as number;
}

/** Writes a lock as Pulumi does, and returns its path. */
function lock(stack: string, pid: number, host = hostname()): string {
  const folder = join(state, ".pulumi", "locks", "organization", "modelfleet", stack);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${pid}.json`);
  writeFileSync(file, JSON.stringify({ pid, hostname: host, username: "me" }));
  return file;
}

test("a state without locks has no running updates", () => {
  expect(runningUpdates(join(state, "none"))).toEqual([]);
});

test("the lock of a running pulumi is an update of its stack, and stays", async () => {
  const pid = await processNamed("pulumi");
  const file = lock("dev", pid);
  const update = { stack: "dev", pid, command: "pulumi up" };
  expect(runningUpdates(state)).toEqual([update]);
  expect(runningUpdates(state, "dev")).toEqual([update]);
  expect(runningUpdates(state, "prod")).toEqual([]);
  releaseDeadLocks(state);
  expect(existsSync(file)).toBe(true);
});

test("only a lock of this machine whose process has ended is removed", async () => {
  const dead = lock("dev", await deadPid());
  const elsewhere = lock("prod", await deadPid(), "another-machine");
  const reused = lock("test", await processNamed("nginx"));
  expect(runningUpdates(state)).toEqual([]);
  releaseDeadLocks(state);
  expect([dead, elsewhere, reused].map((file) => existsSync(file))).toEqual([false, true, true]);
});

test("the locks of one stack say what became of their holders, and only a dead one is released", async () => {
  const pids = {
    running: await processNamed("pulumi"),
    replaced: await processNamed("nginx"),
    ended: await deadPid(),
  };
  const files = Object.values(pids).map((pid) => lock("dev", pid));
  lock("dev", 1, "another-machine");
  lock("prod", pids.ended);
  const held = locksOf(state, "modelfleet", "dev");
  expect(Object.fromEntries(held.map(({ pid, holder, command }) => [pid, `${holder} ${command}`]))).toEqual({
    [pids.running]: "running pulumi up",
    [pids.replaced]: "replaced nginx up",
    [pids.ended]: "ended ",
    1: "elsewhere ",
  });
  expect(locksOf(state, "other-project", "dev")).toEqual([]);
  const here = held.filter(({ holder }) => holder !== "elsewhere");
  expect(here.filter(releaseLock).map(({ pid }) => pid)).toEqual([pids.ended]);
  expect(files.map((file) => existsSync(file))).toEqual([true, true, false]);
});

test("untilUpdated names the process that it waits for once, and returns when that has ended", async () => {
  const pid = await processNamed("pulumi");
  lock("dev", pid);
  const said: string[] = [];
  let done = false;
  const waiting = untilUpdated(state, (text) => said.push(text)).then(() => (done = true));
  await untilUpdated(state, () => undefined, "prod");
  expect(said).toEqual([`waiting for process ${pid} (pulumi up), which updates stack dev`]);
  expect(done).toBe(false);
  for (const child of children) child.kill("SIGKILL");
  await waiting;
  expect(said).toHaveLength(1);
});
