import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { say } from "../lib/progress";
import { UserError } from "../lib/user-error";
import { sleep, startTime } from "./processes";

/** How often a command that waits for another one looks again, in milliseconds. */
const POLL_MS = 100;

/**
 * Runs work while no other command starts or stops the cluster in this directory; waits for one that does. The lock is
 * a file that names its holder, and a holder that was killed holds nothing.
 */
export async function withLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, "lock");
  const mine = `${process.pid} ${await startTime(process.pid)} ${Math.random()}`;
  let waiting = false;
  while (!(await take(file, mine))) {
    if (!waiting) say(`  waiting for another command that starts or stops the cluster in ${directory}`);
    waiting = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, mine: string): Promise<boolean> {
  try {
    await writeFile(file, mine, { flag: "wx" });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES")
      throw new UserError(`${dirname(file)} belongs to another user: run this as that user`);
    if (code !== "EEXIST") throw error;
  }
  const holder = await readFile(file, "utf8").catch(() => "");
  const [pid, started] = holder.split(" ");
  // An empty file is one that its holder has made and not yet written.
  if (!pid || (await startTime(Number(pid))) === started) return false;
  await rm(file, { force: true });
  await writeFile(file, mine, { flag: "wx" }).catch(() => undefined);
  // Two commands may have found the dead holder at once, and the slower one removed the faster one's file.
  await sleep(POLL_MS);
  return (await readFile(file, "utf8").catch(() => "")) === mine;
}
