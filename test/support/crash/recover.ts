import type { Random } from "../random";
import type { Workspace } from "../workspace";
import { leftovers, read } from "./differences";
import type { Expected } from "./plan";

/** How a user goes on after a killed update. */
export interface Course {
  /** What removes the lock that it left. */
  readonly unlock: "cancel" | "doctor";
  /** Whether the next update compares the state with the cluster first. */
  readonly refresh: boolean;
}

/** A random one of the ways that docs/errors.md names. */
export function randomCourse(random: Random): Course {
  return { unlock: random.isLucky(0.5) ? "cancel" : "doctor", refresh: random.isLucky(0.5) };
}

/** A course in words. */
export function courseLine({ unlock, refresh }: Course): string {
  return `then ${unlock === "cancel" ? "pulumi cancel" : "doctor --fix"} if locked, and pulumi up${refresh ? " --refresh" : ""}`;
}

/** What it took until the fleet was as wanted. */
export interface Recovery {
  /** Whether the killed update left a lock. */
  readonly wasLocked: boolean;
  /** Whether the update failed, and its error told to run it with `--refresh`. */
  readonly wasTold: boolean;
  /** Whether objects were left that only `modelfleet doctor --fix` deletes. */
  readonly hadLeftovers: boolean;
}

/** Goes on after a killed update as a user does. @throws Error if something is left that no documented command mends */
export async function recover(
  fleet: Workspace,
  namespace: string,
  { unlock, refresh }: Course,
  expected: Expected,
): Promise<Recovery> {
  const wasLocked = fleet.locks().length > 0;
  if (wasLocked && unlock === "cancel") await fleet.must("cancel", "--yes");
  const mended = wasLocked && unlock === "doctor" ? await doctor(fleet) : "";
  const wasTold = !(await isUpdated(fleet, refresh));
  if (wasTold) await fleet.up("--refresh");
  const hadLeftovers = leftovers(await read(fleet, namespace), expected).length > 0;
  if (hadLeftovers) await doctor(fleet);
  return { wasLocked, wasTold, hadLeftovers: hadLeftovers || mended.includes("\ndeleted ") };
}

/** @returns what it mended */
async function doctor(fleet: Workspace): Promise<string> {
  const { text } = await fleet.modelfleet(["doctor", "--fix", "--yes"]);
  // What it finds besides, the next update mends.
  if (fleet.locks().length > 0) throw new Error(`doctor --fix left a lock:\n${text}`);
  return text;
}

/** @returns false if the update failed, and said that it is to be run with `--refresh` */
async function isUpdated(fleet: Workspace, refresh: boolean): Promise<boolean> {
  const args = ["up", "--yes", "--skip-preview", ...(refresh ? ["--refresh"] : [])];
  const { exitCode, text } = await fleet.pulumi(...args);
  if (exitCode === 0) return true;
  if (!refresh && text.includes("`pulumi up --refresh`")) return false;
  throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${text}`);
}
