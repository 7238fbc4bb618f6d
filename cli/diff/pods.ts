import { AUTOSCALED } from "../../fleet/owner";
import type { Tree } from "./steps";

/** What a Deployment asks for. */
export interface Pods {
  /** The fewest, if an autoscaler decides. */
  readonly replicas: number;
  /** `2 to 20 pods`; undefined if the number is fixed. */
  readonly autoscaled: string | undefined;
  readonly image: string;
  /** Variables by name. */
  readonly env: Readonly<Record<string, unknown>>;
  /** What each pod requests, by resource. A request that is not set is the limit. */
  readonly requests: Readonly<Record<string, string>>;
  /** Everything of the pods, without what the other fields have. */
  readonly rest: Tree;
}

interface Container {
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value?: unknown }[];
  readonly envFrom?: unknown;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string | number>>;
    readonly limits?: Readonly<Record<string, string | number>>;
  };
}

interface Spec {
  readonly replicas?: number;
  readonly template: { readonly spec: { readonly containers: readonly Container[] } };
}

/** Reads the inputs of a Deployment, whose pods have one container. */
export function podsOf(inputs: Tree): Pods {
  const { replicas = 1, template } = inputs["spec"] as Spec;
  const { annotations = {} } = (inputs["metadata"] ?? {}) as { annotations?: Record<string, string> };
  const [, min, max] = / (\d+)-(\d+)$/.exec(annotations[AUTOSCALED] ?? "") ?? [];
  const [container = {}, ...others] = template.spec.containers;
  // The names of Secret versions say nothing to people; the words of the Secret itself do.
  const { image = "", env = [], resources = {}, ...inner } = { ...container, envFrom: undefined };
  const { requests = {}, limits = {} } = resources;
  return {
    replicas: min === undefined ? replicas : Number(min),
    autoscaled: min === undefined ? undefined : `${min} to ${max} pods`,
    image,
    env: Object.fromEntries(env.map(({ name, ...value }) => [name, value.value ?? value])),
    requests: texts({ ...limits, ...requests }),
    rest: {
      ...template,
      spec: { ...template.spec, containers: [inner, ...others] },
      limits: texts(limits),
    },
  };
}

/** Whether a resource counts whole GPUs: `nvidia.com/gpu`, `gpu.intel.com/i915`. */
export function isGpu(resource: string): boolean {
  return /\bgpu\b/i.test(resource);
}

/** The image of an update, from the old image on as short as possible: `1.4 -> 1.5` of the same repository. */
export function imageWords(old: string, next: string): string {
  const [before, after] = [splitTag(old), splitTag(next)];
  const same = before.repository === after.repository && before.tag !== "" && after.tag !== "";
  return same ? `image ${before.tag} -> ${after.tag}` : `image ${old} -> ${next}`;
}

function splitTag(image: string): { repository: string; tag: string } {
  const [, repository = image, tag = ""] = /^(.*?)(?:@|:(?=[^/@]*(?:@|$)))(.*)$/.exec(image) ?? [];
  return { repository, tag };
}

function texts(quantities: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, String(value)]));
}
