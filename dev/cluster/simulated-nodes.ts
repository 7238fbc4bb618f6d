import { apply, type KubectlAccess } from "./kubectl";

/**
 * Registers nodes that kwok simulates: their pods become Ready at once and run nothing. Each node has room for 5,000
 * pods, so that capacity never limits a fleet.
 */
export async function createSimulatedNodes(access: KubectlAccess, count: number): Promise<void> {
  await apply(
    access,
    Array.from({ length: count }, (_, index) => simulatedNode(`simulated-${index}`)),
  );
}

function simulatedNode(name: string): object {
  const capacity = { cpu: "10k", memory: "100Ti", "ephemeral-storage": "100Ti", pods: "5000" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        type: "kwok",
      },
    },
    status: { allocatable: capacity, capacity },
  };
}
