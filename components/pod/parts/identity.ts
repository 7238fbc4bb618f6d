import type { Part } from "../part";

/**
 * The account of the pods. The namespace's own is named too: a Deployment that names none any more keeps the one before, in
 * the field's old name `serviceAccount`, and no pod starts once that account is deleted.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec (serviceAccount)
 */
export const identity: Part = (
  { serviceAccountName },
  { serviceAccount = serviceAccountName ?? "default" },
) => ({
  pod: { serviceAccountName: serviceAccount },
});
