import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RollingDeployment } from "../../../failures/rollout";
import { type Awaited, WaitingRoom, type Watch } from "../../../failures/waiting-room";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const READY = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
const NOT_READY = { ...READY, availableReplicas: 0 };
const COMPLETE = [{ type: "Progressing", reason: "NewReplicaSetAvailable" }];

/** A waiting room, and a cluster that tells it of Deployments. */
function opened() {
  let told: Parameters<Watch>[0] | undefined;
  const state = { watches: 0, isStopped: false, isClosed: false };
  const room = new WaitingRoom(
    (them, signal) => {
      state.watches += 1;
      told = them;
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          state.isClosed = true;
          resolve();
        });
      });
    },
    () => Promise.resolve(state.isStopped),
  );
  const see = (name: string, status?: RollingDeployment["status"], generation = 2) =>
    told?.seen(name, status && { metadata: { name, generation }, spec: { replicas: 1 }, status });
  const wait = (name: string, rest: Partial<Awaited> = {}) =>
    room.wait({ name, generation: 2, isApplied: true, seconds: 60, ...rest });
  return { room, state, see, wait, listed: () => told?.listed() };
}

/** How a wait has ended until now. */
async function endOf(waiting: Promise<unknown>): Promise<unknown> {
  return Promise.race([waiting, vi.advanceTimersByTimeAsync(0).then(() => "waits")]);
}

describe("a Deployment", () => {
  test("is waited for until its pods are ready, with one watch for all", async () => {
    const { room, state, see, wait } = opened();
    const [iris, wine] = [wait("iris"), wait("wine")];
    see("iris", NOT_READY);
    see("wine", NOT_READY);
    see("iris", READY);
    expect(await iris).toBe("ready");
    expect(await endOf(wine)).toBe("waits");
    expect(room.waiting()).toEqual(["wine"]);
    see("wine", READY);
    expect(await wine).toBe("ready");
    expect(state).toMatchObject({ watches: 1, isClosed: false });
    room.close();
    expect(state.isClosed).toBe(true);
  });

  test("that is ready before anybody waits is not waited for", async () => {
    const { see, wait } = opened();
    void wait("wine");
    see("iris", READY);
    expect(await wait("iris")).toBe("ready");
  });

  test("is not ready with the pods of an earlier version", async () => {
    const { see, wait } = opened();
    const iris = wait("iris", { generation: 3 });
    see("iris", READY, 2);
    expect(await endOf(iris)).toBe("waits");
  });

  test("that this update left as it is need not be ready again if it was once", async () => {
    const { see, wait } = opened();
    const [same, changed] = [wait("same", { isApplied: false }), wait("changed")];
    for (const name of ["same", "changed"]) see(name, { ...NOT_READY, conditions: COMPLETE });
    expect(await same).toBe("ready");
    expect(await endOf(changed)).toBe("waits");
  });

  test("that this update left as it is is late at once if Kubernetes has given it up", async () => {
    const { see, wait } = opened();
    const [same, changed] = [wait("same", { isApplied: false }), wait("changed")];
    const conditions = [{ type: "Progressing", reason: "ProgressDeadlineExceeded" }];
    for (const name of ["same", "changed"]) see(name, { ...NOT_READY, conditions });
    expect(await same).toBe("late");
    expect(await endOf(changed)).toBe("waits");
  });

  test("is late when its time is up, which begins again whenever another one is ready", async () => {
    const { see, wait } = opened();
    const [broken, slow] = [wait("broken"), wait("slow", { seconds: 600 })];
    await vi.advanceTimersByTimeAsync(59_000);
    see("slow", READY);
    expect(await slow).toBe("ready");
    await vi.advanceTimersByTimeAsync(59_000);
    expect(await endOf(broken)).toBe("waits");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await broken).toBe("late");
  });

  test("that somebody deletes is gone, unless it is made anew at once", async () => {
    const { see, wait, listed } = opened();
    const [gone, anew] = [wait("gone"), wait("anew")];
    for (const name of ["gone", "anew"]) see(name, NOT_READY);
    listed();
    for (const name of ["gone", "anew"]) see(name);
    await vi.advanceTimersByTimeAsync(1_000);
    see("anew", NOT_READY);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await gone).toBe("gone");
    expect(await endOf(anew)).toBe("waits");
  });

  test("keeps the watch open no longer than some seconds, so that a program that failed can end", async () => {
    const { state, see, wait } = opened();
    const iris = wait("iris");
    see("iris", READY);
    await iris;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(state).toMatchObject({ watches: 1, isClosed: false });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(state.isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    const wine = wait("wine");
    expect(state.watches).toBe(2);
    see("wine", READY);
    expect(await wine).toBe("ready");
  });

  test("that is not there is gone, as soon as all others are known", async () => {
    const { see, wait, listed } = opened();
    const [missing, there] = [wait("missing"), wait("there")];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await endOf(missing)).toBe("waits");
    see("there", NOT_READY);
    listed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await missing).toBe("gone");
    expect(await endOf(there)).toBe("waits");
  });

  test("is waited for no longer when the update was interrupted", async () => {
    const { state, wait } = opened();
    const iris = wait("iris");
    state.isStopped = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await iris).toBe("stopped");
  });
});

test("a watch that the API server refuses ends every wait with its error", async () => {
  const room = new WaitingRoom(
    () => Promise.reject(new Error("may not watch")),
    () => Promise.resolve(false),
  );
  await expect(room.wait({ name: "iris", generation: 1, isApplied: true, seconds: 60 })).rejects.toThrow(
    "may not watch",
  );
  room.close();
});
