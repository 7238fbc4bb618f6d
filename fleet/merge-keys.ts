/**
 * The lists in a pod whose entries a strategic merge patch merges, by name, with the field by which it does: the values of
 * `x-kubernetes-patch-merge-key` in the API server's own schema, with which a test compares them. Any other list is replaced.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  env: "name",
  ephemeralContainers: "name",
  hostAliases: "ip",
  imagePullSecrets: "name",
  initContainers: "name",
  ownerReferences: "uid",
  ports: "containerPort",
  resourceClaims: "name",
  schedulingGates: "name",
  topologySpreadConstraints: "topologyKey",
  volumeDevices: "devicePath",
  volumeMounts: "mountPath",
  volumes: "name",
};

/** Lists of which an entry takes the place of the one before it (`retainKeys`): a volume has one source. */
export const REPLACED_ENTRIES: readonly string[] = ["resourceClaims", "volumes"];
