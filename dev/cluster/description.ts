import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../lib/write-whole";
import type { Cluster } from "./types";

/** The content of `cluster.json` in a cluster's directory. */
export interface Description {
  readonly cluster: Cluster;
  /** Path of the kubectl that the cluster was started with. */
  readonly kubectl: string;
}

/** Writes the description whole or not at all: its presence means that the cluster became ready. */
export function writeDescription(description: Description): void {
  writeWhole(
    descriptionFile(description.cluster.directory),
    `${JSON.stringify(description, undefined, 2)}\n`,
  );
}

/** Reads the description; undefined when no cluster became ready in this directory. */
export async function readDescription(directory: string): Promise<Description | undefined> {
  try {
    return JSON.parse(await readFile(descriptionFile(directory), "utf8")) as Description;
  } catch (error) {
    // A file that a power failure cut off counts as none.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function descriptionFile(directory: string): string {
  return join(directory, "cluster.json");
}
