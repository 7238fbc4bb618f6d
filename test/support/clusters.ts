import { describe, inject } from "vitest";
import type { Cluster } from "../../dev/cluster/types";
import { say } from "../../lib/progress";

/** Settings with which a fleet of the example models fits on the tests' node. */
export const EXAMPLE_DEFAULTS = {
  image: "modelfleet.local/model-server:1",
  resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
};

/** Tests that send real requests. Skipped, with the reason printed, if the machine has no real node. */
export function describeReal(
  name: string,
  tests: (cluster: Cluster & { readonly ingressUrl: string }) => void,
): void {
  const real = inject("real");
  const { ingressUrl } = real;
  if (ingressUrl === undefined) {
    say(`skipped: ${name} (it needs a real node: ${real.simulatedBecause ?? "none here"})`);
    describe.skip(name, () => undefined);
    return;
  }
  describe(name, () => tests({ ...real, ingressUrl }));
}
