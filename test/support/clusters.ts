import { describe, inject } from "vitest";
import type { Cluster } from "../../dev/cluster/types";
import { say } from "../../lib/progress";

/** Settings with which a fleet of the example models fits on the tests' node. */
export const EXAMPLE_DEFAULTS = {
  image: "modelfleet.local/model-server:1",
  resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
};

/** An image of a registry that refuses connections at once, without a DNS lookup of unknown duration. */
export const NO_IMAGE = "127.0.0.1:1/nothing:1";

/** Environment by which the example server's container runs this JavaScript module instead, as long as that takes. */
export function running(script: string): Record<string, string> {
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}

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
