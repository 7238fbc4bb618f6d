// A failed property prints its seed; `MODELFLEET_SEED=<seed> npm test -- unit` repeats it.
const { MODELFLEET_SEED } = process.env;
if (MODELFLEET_SEED !== undefined) {
  const { default: fc } = await import("fast-check");
  fc.configureGlobal({ seed: Number(MODELFLEET_SEED) });
}
