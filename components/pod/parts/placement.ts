import { selectorLabels } from "../../../fleet/owner";
import type { Part } from "../part";

/**
 * Pods spread over nodes. Set for one replica too, where it has no effect: otherwise scaling to two would change the
 * template and restart the first pod.
 */
export const placement: Part = (_settings, { name, stack, variant }) => ({
  pod: {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorLabels(name, stack, variant) },
        // Counts pods of the same revision only; old pods would otherwise skew the spread.
        matchLabelKeys: ["pod-template-hash"],
      },
    ],
  },
});
