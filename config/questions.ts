import { imageVolumes } from "../fleet/artefact";
import type { Needed } from "../fleet/needed";
import { compareQuantities } from "../fleet/quantity";
import { type Model, type Variant, variantsOf } from "./model";
import { neededByFleet, neededObjects, variantPath } from "./needed";
import { type RawPart, rawParts } from "./raw-parts";
import { isExtended } from "./resources";
import type { NodeTerm } from "./settings/affinity";
import type { Toleration } from "./settings/placement";

/** What a pod asks of the node that runs it. */
export interface PodDemand {
  /** Path of the variant's settings, such as `catalog.iris`. */
  readonly path: string;
  readonly requests: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Of which a node must meet one. @default every node will do */
  readonly terms: readonly NodeTerm[] | undefined;
  readonly tolerations: readonly Toleration[];
}

/** What is asked of the cluster because of the models' settings. Each is asked only if some model needs the answer. */
export interface Questions {
  /** Objects of others that the pods need. */
  readonly needed: readonly Needed[];
  /** What pods ask of a node, beyond a share of its CPU and memory. */
  readonly demands: readonly PodDemand[];
  /** Settings that are parts of pods as Kubernetes has them, which its own schema checks. */
  readonly rawParts: readonly RawPart[];
  /** Whether the version of Kubernetes matters. */
  readonly asksVersion: boolean;
  /** Whether the nodes matter, whatever `demands` are. */
  readonly asksNodes: boolean;
  /** Whether a metrics server must measure pods. */
  readonly asksMetrics: boolean;
}

export function questionsOf({
  models,
  networkPolicy,
}: Parameters<typeof neededByFleet>[0] & { readonly models: readonly Model<unknown>[] }): Questions {
  const all = models.flatMap(variantsOf);
  const autoscalings = all.flatMap(({ autoscaling }) => autoscaling ?? []);
  const mountsImages = all.some((variant) => imageVolumes(variant).length > 0);
  // Only newer ones scale to zero by themselves, and mount images.
  const scalesToZero = autoscalings.some(({ min, metric }) => min === 0 && metric.by === "external");
  return {
    needed: [...neededByFleet({ networkPolicy }), ...neededObjects(models)],
    demands: models.flatMap(demandsOf),
    rawParts: rawParts(models),
    asksVersion: scalesToZero || mountsImages,
    asksNodes: mountsImages,
    asksMetrics: autoscalings.some(({ metric }) => metric.by === "resource"),
  };
}

function demandsOf(model: Model<unknown>): PodDemand[] {
  return variantsOf(model)
    .filter(({ replicas }) => replicas !== 0)
    .map((variant) => demandOf(variantPath(model, variant.variant), variant))
    .filter(({ requests, nodeSelector, terms }) => {
      const isPlain = !Object.keys(requests).some(isExtended) && Object.keys(nodeSelector).length === 0;
      return !isPlain || terms !== undefined;
    });
}

function demandOf(
  path: string,
  { resources, nodeSelector = {}, affinity, tolerations = [] }: Variant<unknown>,
) {
  // Without a request, a limit is one.
  const requests = Object.entries({ ...resources.limits, ...resources.requests });
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return {
    ...{ path, nodeSelector, tolerations, terms: required?.nodeSelectorTerms },
    requests: Object.fromEntries(requests.filter(([, amount]) => compareQuantities(amount, "0") > 0)),
  };
}
