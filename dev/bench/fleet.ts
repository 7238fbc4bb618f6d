/** The fleet that every contender creates: a list of model IDs; everything else is the same for all. */
export interface BenchFleet {
  /** The contender's own namespace. */
  readonly namespace: string;
  readonly models: readonly string[];
}

/** Image of every model. The nodes are simulated, so it is never pulled. */
export const IMAGE = "registry.example/models/server:1";

/** Credentials of the fleet's pull Secret; no registry accepts them. */
export const REGISTRY = { server: "registry.example", username: "bench", password: "not-a-secret" } as const;

/** The Ingress of every contender: one object, without a Middleware beside it. */
export const INGRESS = { className: "nginx", controller: "nginx" } as const;

/** Stack of the contenders that have one; the objects of all contenders have it as owner. */
export const BENCH_STACK = "bench";

/** The first IDs of one endless list, so that a fleet of n + 1 models adds one model to the fleet of n. */
export function modelIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `model-${String(index + 1).padStart(4, "0")}`);
}
