import { without } from "../../../config/merge";
import { selectorLabels } from "../../../fleet/owner";
import { asWritten, type Container, type Part, type PodPart } from "../part";

/**
 * Which nodes run the pods. They spread over nodes, also a single one, where it has no effect: otherwise scaling to two
 * would change the template and restart the first pod.
 */
export const placement: Part = (settings, { name, stack, variant }) => {
  const { topologySpreadConstraints: own, nodeSelector, affinity, tolerations } = settings;
  const { priorityClassName, runtimeClassName } = settings;
  const ofModel = {
    labelSelector: { matchLabels: selectorLabels(name, stack, variant) },
    // Counts pods of the same revision only; old pods would otherwise skew the spread.
    matchLabelKeys: ["pod-template-hash"],
  };
  const spread = own?.map((one) => ({ ...(one.labelSelector === undefined && ofModel), ...one }));
  return {
    pod: asWritten<NonNullable<PodPart["pod"]>>({
      topologySpreadConstraints: spread ?? [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          ...ofModel,
        },
      ],
      ...(nodeSelector !== undefined && { nodeSelector }),
      ...(affinity !== undefined && { affinity }),
      ...(tolerations !== undefined && { tolerations }),
      ...(priorityClassName !== undefined && { priorityClassName }),
      ...(runtimeClassName !== undefined && { runtimeClassName }),
    }),
  };
};

/** Devices that Dynamic Resource Allocation gives the pods. */
export const devices: Part = ({ resourceClaims: claims }) => {
  if (claims === undefined) return {};
  const ofPod = claims.map((claim) => without(claim, ["request"]));
  const ofContainer = claims.map(({ name, request }) => ({
    name,
    ...(request !== undefined && { request }),
  }));
  return {
    pod: asWritten<NonNullable<PodPart["pod"]>>({ resourceClaims: ofPod }),
    container: { resources: asWritten<NonNullable<Container["resources"]>>({ claims: ofContainer }) },
  };
};
