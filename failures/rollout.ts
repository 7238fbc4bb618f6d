/** What of a Deployment tells how far its rollout is. */
export interface RollingDeployment {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec?: { readonly replicas?: number; readonly paused?: boolean };
  /** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentStatus */
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

/**
 * Whether every pod that a Deployment wants is of its last version and available, and no other pod is left: what
 * `kubectl rollout status` waits for. What is paused is not waited for.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment
 */
export function isRolledOut(deployment: RollingDeployment): boolean {
  const { spec = {}, status = {} } = deployment;
  if (spec.paused === true) return true;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const isNew = updatedReplicas >= (spec.replicas ?? 1) && replicas <= updatedReplicas;
  return isObserved(deployment) && isNew && availableReplicas >= updatedReplicas;
}

/** Whether the last rollout of a Deployment was complete once, whatever became of its pods since. */
export function wasRolledOut(deployment: RollingDeployment): boolean {
  const { conditions = [] } = deployment.status ?? {};
  const isComplete = conditions.some(
    ({ type, reason }) => type === "Progressing" && reason === "NewReplicaSetAvailable",
  );
  return isObserved(deployment) && isComplete;
}

/**
 * Whether Kubernetes has given the last rollout of a Deployment up.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment
 */
export function hasFailed(deployment: RollingDeployment): boolean {
  const { conditions = [] } = deployment.status ?? {};
  return (
    isObserved(deployment) &&
    conditions.some(({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded")
  );
}

/** Whether the status is that of the spec. */
function isObserved({ metadata: { generation = 0 }, status = {} }: RollingDeployment): boolean {
  return (status.observedGeneration ?? 0) >= generation;
}
