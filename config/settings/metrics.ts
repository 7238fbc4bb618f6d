import { METRICS_ANNOTATIONS } from "../../fleet/metrics";
import { pathText, problem } from "../problem";
import type { VariantRule } from "../variant-rules";

/** Where a model's metrics are is said once. */
export const oneMetricsPlace: VariantRule = ({ at, settings: { metrics, annotations } }) => {
  if (metrics === undefined) return [];
  return Object.values(METRICS_ANNOTATIONS)
    .filter((key) => annotations[key] !== undefined)
    .map((key) =>
      problem(
        pathText(["annotations", key], at),
        annotations[key],
        "is set beside metrics, which sets it",
        "remove one of the two",
      ),
    );
};
