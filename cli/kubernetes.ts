import { execa } from "execa";

/** How many pods of a model are ready, of how many. */
export interface Readiness {
  readonly ready: number;
  readonly replicas: number;
}

/**
 * The readiness of a stack's models, by ID; the variants of one model are added up.
 *
 * @param kubectl Absolute path of kubectl.
 * @param environment From `pulumiEnvironment`.
 */
export async function readyReplicas(
  kubectl: string,
  environment: Record<string, string>,
  namespace: string,
  stack: string,
): Promise<Map<string, Readiness>> {
  const selector = `app.kubernetes.io/part-of=modelfleet,app.kubernetes.io/instance=${stack}`;
  const { stdout } = await execa(
    kubectl,
    ["get", "deployments", "--namespace", namespace, "--selector", selector, "--output", "json"],
    { env: environment },
  );
  return addUp((JSON.parse(stdout) as { items: DeploymentObject[] }).items);
}

/** What is read of a Deployment. */
export interface DeploymentObject {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** The rule of {@link readyReplicas}. */
export function addUp(deployments: readonly DeploymentObject[]): Map<string, Readiness> {
  const sums = new Map<string, Readiness>();
  for (const { metadata, spec, status } of deployments) {
    const id = metadata.labels?.["app.kubernetes.io/name"] ?? "";
    const { ready, replicas } = sums.get(id) ?? { ready: 0, replicas: 0 };
    sums.set(id, {
      ready: ready + (status?.readyReplicas ?? 0),
      replicas: replicas + (spec.replicas ?? 1),
    });
  }
  return sums;
}
