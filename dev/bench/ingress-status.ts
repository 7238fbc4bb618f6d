import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Bench } from "./contender";

/** An address for documentation (RFC 5737), where nothing answers. */
const ADDRESS = "192.0.2.80";

const COLUMNS = String.raw`{.metadata.namespace} {.metadata.name} {.status.loadBalancer.ingress[0].ip}{"\n"}`;

/**
 * Simulates an ingress controller: it gives each new Ingress an address. Simulated nodes run no controller, so a
 * contender that awaits its Ingress would wait ten minutes.
 *
 * @returns Stops it.
 */
export function simulateIngressController({ tools, kubeconfig }: Bench): () => Promise<void> {
  const env = { KUBECONFIG: kubeconfig };
  const patches = new Set<Promise<unknown>>();
  const onLine = (line: string) => {
    const [namespace = "", name = "", address] = line.split(" ");
    if (address || !name) return;
    const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: ADDRESS }] } } });
    const args = ["patch", "ingress", name, "--namespace", namespace, "--subresource=status"];
    // Fails if the Ingress is gone by now, with its namespace; then it needs no address.
    const patch = execa(tools.kubectl, [...args, "--type=merge", "--patch", status], { env, reject: false });
    patches.add(patch);
    void patch.finally(() => patches.delete(patch));
  };
  const end = new AbortController();
  // The API server ends a watch after 30 to 60 minutes; the next one starts with all existing Ingresses.
  const watching = (async () => {
    while (!end.signal.aborted) {
      const watch = execa(
        tools.kubectl,
        ["get", "ingresses", "--all-namespaces", "--watch", "--output", `jsonpath=${COLUMNS}`],
        {
          ...{ env, reject: false, stdin: "ignore", stderr: "ignore" },
          // The watch runs as long as the benchmark, so its output must not fill the memory.
          buffer: false,
          cancelSignal: end.signal,
          forceKillAfterDelay: 1000,
        },
      );
      createInterface({ input: watch.stdout }).on("line", onLine);
      await watch;
      await sleep(100);
    }
  })();
  return async () => {
    end.abort();
    await Promise.allSettled([watching, ...patches]);
  };
}
