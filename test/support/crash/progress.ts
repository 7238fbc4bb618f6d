import { EventEmitter, once } from "node:events";
import { watch } from "node:fs";
import { createInterface } from "node:readline";
import type { Workspace } from "../workspace";

/** How far an update has got: nothing is sent yet, objects are being sent, the state is being written, it has ended. */
export const PHASES = ["before", "sending", "writing", "after"] as const;
export type Phase = (typeof PHASES)[number];

/** An update that runs. */
export type Update = ReturnType<Workspace["start"]>;

/** A line of `pulumi up` or of `modelfleet` about an object. */
const ABOUT_AN_OBJECT =
  /( kubernetes:.* (creat|updat|delet)(ing|ed) )|(^ {2}(created|updated|deleted) [A-Z])/;

/** Follows an update: by its lines about objects, and by the writes into the folder of its state. */
export class Progress {
  phase: Phase = "before";
  /** How many lines about objects it has printed. */
  lines = 0;
  private readonly began = performance.now();
  private readonly times = new Map<Phase, number>([["before", 0]]);
  private readonly emitter = new EventEmitter();

  /** @param stateFolder The folder with the stack's state; it exists. */
  constructor(update: Update, stateFolder: string) {
    const watcher = watch(stateFolder, () => this.reach("writing"));
    createInterface({ input: update.all }).on("line", (line) => {
      if (!ABOUT_AN_OBJECT.test(line)) return;
      this.lines += 1;
      this.reach("sending");
    });
    void update.finally(() => {
      watcher.close();
      this.reach("after");
    });
  }

  /** How long it has run, in milliseconds. */
  get elapsedMs(): number {
    return performance.now() - this.began;
  }

  /** How long a phase took, in milliseconds; undefined if it was skipped or is not over. */
  durationOf(phase: Phase): number | undefined {
    const [start, next] = [this.times.get(phase), this.times.get(following(phase))];
    return start === undefined || next === undefined ? undefined : next - start;
  }

  /** Waits until the phase has come, or a later one. */
  async reached(phase: Phase): Promise<void> {
    while (PHASES.indexOf(this.phase) < PHASES.indexOf(phase)) await once(this.emitter, "phase");
  }

  private reach(phase: Phase): void {
    if (PHASES.indexOf(phase) <= PHASES.indexOf(this.phase)) return;
    this.phase = phase;
    this.times.set(phase, this.elapsedMs);
    this.emitter.emit("phase");
  }
}

/** The phase after another one; the last one has none. */
export function following(phase: Phase): Phase {
  return PHASES[PHASES.indexOf(phase) + 1] ?? "after";
}
