import { once } from "node:events";
import { styleText } from "node:util";

const COLOURS = ["cyan", "yellow", "green", "magenta", "blue", "red"] as const;

/** Returns a function that puts a pod's name before a line; each pod has the next colour on a terminal. */
export function prefixer(isColoured: boolean): (pod: string, text: string) => string {
  const colours = new Map<string, (typeof COLOURS)[number]>();
  return (pod, text) => {
    const colour = colours.get(pod) ?? COLOURS[colours.size % COLOURS.length] ?? "cyan";
    colours.set(pod, colour);
    return `${isColoured ? styleText(colour, pod, { validateStream: false }) : pod} ${text}`;
  };
}

let drained: Promise<unknown> | undefined;

/** Writes a line to standard output, as fast as its reader takes it. Ends the command with its reader, such as `head`. */
export async function printLine(text: string): Promise<void> {
  const { stdout } = process;
  if (!stdout.listeners("error").includes(endQuietly)) stdout.on("error", endQuietly);
  if (stdout.write(`${text}\n`)) return;
  // The logs of many pods wait together.
  drained ??= once(stdout, "drain").then(() => (drained = undefined));
  await drained;
}

function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
