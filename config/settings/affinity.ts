import { z } from "zod";
import { labelKey, NAMESPACE, NAMESPACE_RULE, text, wantedLabels } from "../rules";

/** Which nodes and pods a pod wants near, as in a pod. @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */

const VALUED = ["In", "NotIn"] as const;
const UNVALUED = ["Exists", "DoesNotExist"] as const;
const COMPARING = ["Gt", "Lt"] as const;

/** @param operators What the API server knows here. */
const requirement = <const T extends readonly string[]>(operators: T) =>
  z
    .strictObject({
      key: labelKey,
      operator: z.enum(operators),
      values: z.array(z.string()).optional(),
    })
    .superRefine(({ operator, values = [] }, context) => {
      const isUnvalued = UNVALUED.some((one) => one === operator);
      const isComparing = COMPARING.some((one) => one === operator);
      const message =
        isUnvalued && values.length > 0
          ? `has values, and the operator ${operator} takes none; remove them`
          : !isUnvalued && values.length === 0
            ? `has no values, and the operator ${operator} needs some; give values`
            : isComparing && (values.length !== 1 || !/^-?\d+$/.test(values[0] ?? ""))
              ? `needs one integer as its values for the operator ${operator}; give one, in quotes`
              : undefined;
      if (message !== undefined) context.addIssue({ code: "custom", message });
    });

/** A selector of pods or namespaces by their labels. */
export const labelSelector = z.strictObject({
  matchLabels: wantedLabels.optional(),
  matchExpressions: z.array(requirement([...VALUED, ...UNVALUED])).optional(),
});

const nodeTerm = z.strictObject({
  matchExpressions: z.array(requirement([...VALUED, ...UNVALUED, ...COMPARING])).optional(),
  matchFields: z
    .array(
      z.strictObject({
        key: z.literal("metadata.name"),
        operator: z.enum(VALUED),
        values: z.array(z.string()).length(1),
      }),
    )
    .optional(),
});
export type NodeTerm = z.output<typeof nodeTerm>;

const podTerm = z.strictObject({
  topologyKey: labelKey,
  labelSelector: labelSelector.optional(),
  namespaces: z.array(text(NAMESPACE_RULE, NAMESPACE)).optional(),
  namespaceSelector: labelSelector.optional(),
  matchLabelKeys: z.array(labelKey).optional(),
  mismatchLabelKeys: z.array(labelKey).optional(),
});

const weight = z.int().min(1).max(100);

const pods = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: z.array(podTerm).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: z
    .array(z.strictObject({ weight, podAffinityTerm: podTerm }))
    .optional(),
});

export const affinity = z.strictObject({
  nodeAffinity: z
    .strictObject({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .strictObject({ nodeSelectorTerms: z.array(nodeTerm).min(1) })
        .optional(),
      preferredDuringSchedulingIgnoredDuringExecution: z
        .array(z.strictObject({ weight, preference: nodeTerm }))
        .optional(),
    })
    .optional(),
  podAffinity: pods.optional(),
  podAntiAffinity: pods.optional(),
});
