import { z } from "zod";
import { quantities, quantity, resources } from "../resources";
import { dnsName, labelKey, setting, text, wantedLabels } from "../rules";
import { affinity, labelSelector } from "./affinity";

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
const toleration = z
  .strictObject({
    key: labelKey.optional(),
    operator: z.enum(["Equal", "Exists"]).optional(),
    value: z.string().optional(),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
    tolerationSeconds: z.int().optional(),
  })
  .superRefine(({ key, operator = "Equal", value, effect, tolerationSeconds }, context) => {
    const message =
      key === undefined && operator !== "Exists"
        ? "has no key, which only the operator Exists may lack; give a key"
        : operator === "Exists" && value !== undefined
          ? "has a value, and the operator Exists takes none; remove one of the two"
          : tolerationSeconds !== undefined && effect !== "NoExecute"
            ? "has tolerationSeconds, which only the effect NoExecute has; set the effect, or remove it"
            : undefined;
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
export type Toleration = z.output<typeof toleration>;

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ */
const spreadConstraint = z
  .strictObject({
    maxSkew: z.int().min(1),
    topologyKey: labelKey,
    whenUnsatisfiable: z.enum(["DoNotSchedule", "ScheduleAnyway"]),
    minDomains: z.int().min(1).optional(),
    nodeAffinityPolicy: z.enum(["Honor", "Ignore"]).optional(),
    nodeTaintsPolicy: z.enum(["Honor", "Ignore"]).optional(),
    labelSelector: labelSelector.optional(),
    matchLabelKeys: z.array(labelKey).optional(),
  })
  .refine(
    ({ minDomains, whenUnsatisfiable }) => minDomains === undefined || whenUnsatisfiable === "DoNotSchedule",
    "has minDomains, which only DoNotSchedule has; remove it",
  );
const spreadConstraints = z
  .array(spreadConstraint)
  .refine(
    (all) => new Set(all.map((one) => `${one.topologyKey}/${one.whenUnsatisfiable}`)).size === all.length,
    "has two constraints with the same topologyKey and whenUnsatisfiable; remove one of them",
  );

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/ */
const resourceClaim = z
  .strictObject({
    name: text(
      'is not the name of a claim in a pod (lower-case letters, digits and "-", at most 63)',
      /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    ),
    resourceClaimName: dnsName("is not the name of a ResourceClaim").optional(),
    resourceClaimTemplateName: dnsName("is not the name of a ResourceClaimTemplate").optional(),
    request: z.string().min(1).optional(),
  })
  .refine(
    ({ resourceClaimName, resourceClaimTemplateName }) =>
      (resourceClaimName === undefined) !== (resourceClaimTemplateName === undefined),
    "has not one source; give resourceClaimName or resourceClaimTemplateName",
  );
const resourceClaims = z
  .array(resourceClaim)
  .refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    "has two claims of one name; rename one of them",
  );

/** What a profile may say of a pod's place, as a model may. */
const ofProfiles = {
  nodeSelector: setting(wantedLabels.optional(), "Labels that a node must have to run the pods.", {
    otherwise: "any node",
  }),
  affinity: setting(
    affinity.optional(),
    "Which nodes and pods the pods want near, or not near, as in a pod: `nodeAffinity`, `podAffinity`, `podAntiAffinity`.",
    { otherwise: "none" },
  ),
  tolerations: setting(
    z.array(toleration).optional(),
    "Tolerations of the pods for taints of nodes, as in a pod: `- {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}`.",
    { otherwise: "none" },
  ),
  priorityClassName: setting(
    dnsName("is not the name of a PriorityClass").optional(),
    "PriorityClass of the pods, which must exist.",
    { otherwise: "the cluster's default" },
  ),
  runtimeClassName: setting(
    dnsName("is not the name of a RuntimeClass").optional(),
    "RuntimeClass of the pods, which must exist, such as `nvidia`.",
    { otherwise: "the nodes' default" },
  ),
};

/** Settings of what a pod needs of a node. */
export const placementSettings = {
  resources: setting(
    resources({ requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } }),
    "Resources that one pod requests, and their limits.",
  ),
  resourceProfile: setting(
    text(
      'is not a profile such as "l4", or "l4:2" for two units of it',
      /^[A-Za-z0-9][-\w.]*(:[1-9]\d{0,3})?$/,
    ).optional(),
    "A profile of `resourceProfiles`, and how many units of it one pod gets: `l4:2`; one unit without a number. What is set beside the profile wins over it.",
    { otherwise: "none" },
  ),
  resourceClaims: setting(
    resourceClaims.optional(),
    "Devices by Dynamic Resource Allocation: `- {name: gpu, resourceClaimTemplateName: large-gpu}`, or with `resourceClaimName`; `request` names one request of the claim.",
    { otherwise: "none" },
  ),
  ...ofProfiles,
  topologySpreadConstraints: setting(
    spreadConstraints.optional(),
    "How the pods spread, as in a pod. Without a `labelSelector` a constraint counts the pods of the model's own revision.",
    { otherwise: "over nodes, as far as possible" },
  ),
};

/** A unit of hardware, as `resourceProfile` counts it. */
export const resourceProfile = z.strictObject({
  requests: setting(quantities.optional(), "Resources that one unit requests."),
  limits: setting(quantities.optional(), "Limits of one unit, such as `nvidia.com/gpu: 1`."),
  shm: setting(quantity.optional(), "Shared memory of one unit, as of a model's `shm`.", {
    otherwise: "none",
  }),
  ...ofProfiles,
});
export type ResourceProfile = z.output<typeof resourceProfile>;
