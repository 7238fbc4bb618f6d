/** The fleet that every contender brings up: one list of model IDs, everything else the same for all. */
export interface BenchFleet {
  /** A namespace of the contender's own. */
  readonly namespace: string;
  readonly models: readonly string[];
}

/** Image of every model. The nodes are simulated, so it is never pulled. */
export const IMAGE = "registry.example/models/server:1";

/** Credentials of the fleet's pull Secret; they open nothing. */
export const REGISTRY = { server: "registry.example", username: "bench", password: "not-a-secret" } as const;

/** Stack of the contenders that have one; the objects of all bear it as their owner. */
export const BENCH_STACK = "bench";

/** The first IDs of one endless list, so that a fleet of n + 1 models is that of n with one more. */
export function modelIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `model-${String(index + 1).padStart(4, "0")}`);
}
