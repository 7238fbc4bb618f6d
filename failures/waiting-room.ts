import type { Told } from "../kubernetes/watch";
import { hasFailed, isRolledOut, type RollingDeployment, wasRolledOut } from "./rollout";

/** How often to look at the clock, in milliseconds. */
const TICK_MS = 500;

/** How long a Deployment must be gone, in milliseconds: one that is made anew is gone for a moment. */
const GONE_MS = 2000;

/**
 * How long the watch goes on when nobody is waited for, in milliseconds: others may come soon. Afterwards it must not keep
 * the program from ending, which may have failed.
 */
const IDLE_MS = 3000;

/** A Deployment that is waited for. */
export interface Awaited {
  readonly name: string;
  /** Of the spec that this update applied: an older one in the watch tells nothing. 0 if it left the spec as it was. */
  readonly generation: number;
  /**
   * Whether this update applied it. If not, a rollout that was complete once is not waited for again, nor one of which
   * Kubernetes says that it has failed.
   */
  readonly isApplied: boolean;
  /** How long its pods may take, in seconds. */
  readonly seconds: number;
}

/** How a wait ended. */
export type End = "ready" | "gone" | "late" | "stopped";

/** Watches the fleet's Deployments until the signal. */
export type Watch = (told: Told<RollingDeployment>, signal: AbortSignal) => Promise<void>;

interface Guest extends Awaited {
  readonly since: number;
  readonly leave: (end: End) => void;
}

/**
 * Waits for any number of Deployments with one watch. The time of each begins when it is applied, and again when another
 * one has become ready: where a whole fleet starts at once, pods wait for nodes and images, and not for themselves.
 */
export class WaitingRoom {
  private readonly guests = new Map<string, Guest>();
  private readonly latest = new Map<string, RollingDeployment>();
  /** When those that are gone were seen to go. */
  private readonly gone = new Map<string, number>();
  private watching: { readonly until: AbortController; readonly end: Promise<void> } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lastReady = 0;
  private lastGuest = 0;
  private isListed = false;

  /**
   * @param watch Begins with the first Deployment.
   * @param isStopped Whether nobody waits any longer; asked every half second.
   */
  constructor(
    private readonly watch: Watch,
    private readonly isStopped: () => Promise<boolean>,
  ) {}

  /**
   * Waits until the pods of a Deployment are ready, or its time is up.
   *
   * @throws what the watch throws
   */
  wait(awaited: Awaited): Promise<End> {
    return new Promise((resolve, reject) => {
      const leave = (end: End) => {
        this.guests.delete(awaited.name);
        this.lastGuest = performance.now();
        if (end === "ready") this.lastReady = this.lastGuest;
        resolve(end);
      };
      this.guests.set(awaited.name, { ...awaited, since: performance.now(), leave });
      this.begin().catch((error: Error) => {
        this.guests.delete(awaited.name);
        reject(error);
      });
      this.look(awaited.name);
    });
  }

  /** The names of those that are waited for. */
  waiting(): readonly string[] {
    return [...this.guests.keys()];
  }

  /** Ends the watch, until the next one is waited for. */
  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.watching?.until.abort();
    this.watching = undefined;
    this.latest.clear();
    this.gone.clear();
    this.isListed = false;
  }

  private begin(): Promise<void> {
    this.timer ??= setInterval(() => void this.tick(), TICK_MS);
    if (this.watching === undefined) {
      const until = new AbortController();
      // A list may still be on its way when the watch has ended.
      const whileOn = (tell: () => void) => {
        if (!until.signal.aborted) tell();
      };
      const end = this.watch(
        {
          seen: (name, deployment) => whileOn(() => this.see(name, deployment)),
          listed: () => whileOn(() => (this.isListed = true)),
        },
        until.signal,
      );
      this.watching = { until, end };
    }
    return this.watching.end;
  }

  private see(name: string, deployment: RollingDeployment | undefined): void {
    if (deployment === undefined) {
      this.latest.delete(name);
      this.gone.set(name, performance.now());
      return;
    }
    this.gone.delete(name);
    this.latest.set(name, essentials(deployment));
    this.look(name);
  }

  private look(name: string): void {
    const [guest, deployment] = [this.guests.get(name), this.latest.get(name)];
    if (guest === undefined || deployment === undefined) return;
    if ((deployment.metadata.generation ?? 0) < guest.generation) return;
    if (isRolledOut(deployment)) guest.leave("ready");
    else if (!guest.isApplied && wasRolledOut(deployment)) guest.leave("ready");
    else if (!guest.isApplied && hasFailed(deployment)) guest.leave("late");
  }

  /** Whether the cluster has no such Deployment. */
  private isGone(name: string): boolean {
    return this.isListed && !this.latest.has(name);
  }

  private async tick(): Promise<void> {
    if (this.guests.size === 0) {
      if (performance.now() > this.lastGuest + IDLE_MS) this.close();
      return;
    }
    const isStopped = await this.isStopped();
    const now = performance.now();
    for (const { name, since, seconds, leave } of this.guests.values()) {
      if (isStopped) leave("stopped");
      else if (this.isGone(name) && now > Math.max(since, this.gone.get(name) ?? 0) + GONE_MS) leave("gone");
      else if (now > Math.max(since, this.lastReady) + seconds * 1000) leave("late");
    }
  }
}

/** A thousand Deployments with their pods' specs would take more memory than what is looked at. */
function essentials({ metadata, spec = {}, status = {} }: RollingDeployment): RollingDeployment {
  const { name, generation = 0 } = metadata;
  const { replicas, paused = false } = spec;
  return {
    metadata: { name, generation },
    spec: { paused, ...(replicas !== undefined && { replicas }) },
    status,
  };
}
