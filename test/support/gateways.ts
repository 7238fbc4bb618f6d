import type { Cluster } from "../../dev/cluster/types";
import { envoyGateway } from "./envoy-gateway";

/** Where a test's Gateway answers. */
export interface TestGateway {
  readonly className: string;
  /** The port of its HTTP listener. */
  readonly httpPort: number;
  readonly url: string;
}

/**
 * The two implementations of the Gateway API that run here. Traefik serves the Gateways of all tests on one port; a
 * Gateway of Envoy Gateway needs a port that no other test has.
 */
export const GATEWAYS: Readonly<
  Record<
    string,
    (
      cluster: Cluster & { readonly ingressUrl: string },
      port: number,
    ) => Promise<TestGateway | { readonly reason: string }>
  >
> = {
  Traefik: ({ ingressUrl }) =>
    Promise.resolve({ className: "traefik", httpPort: Number(new URL(ingressUrl).port), url: ingressUrl }),
  "Envoy Gateway": async (cluster, httpPort) => {
    const envoy = await envoyGateway(cluster);
    if ("reason" in envoy) return envoy;
    return { className: envoy.className, httpPort, url: `${envoy.address}:${httpPort}` };
  },
};
