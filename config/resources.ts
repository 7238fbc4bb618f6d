import { z } from "zod";
import { compareQuantities, inMebibytes, isMultipleOf, problemOfQuantity } from "../fleet/quantity";
import { checkedBy, setting, text } from "./rules";

/** Kubernetes' own resources, and extended resources, whose names have a domain. */
const RESOURCE =
  /^(cpu|memory|ephemeral-storage|hugepages-[1-9]\d*([KMGTPE]i?|k)?|(?!requests\.)(?=[^/]{1,244}\/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;

/** Pages of memory, with the size of one. */
const HUGE_PAGES = /^hugepages-(.+)$/;

export const quantity = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(checkedBy(problemOfQuantity));
export const quantities = z.record(
  text('is not a resource name such as "cpu", "memory" or "nvidia.com/gpu"', RESOURCE),
  quantity,
);

/** The resources that one pod requests, and their limits, as Kubernetes quantities. */
export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

type Quantities = Readonly<Record<string, string>>;

/** Resources as people write them. */
interface OwnResources {
  readonly requests?: Quantities | undefined;
  readonly limits?: Quantities | undefined;
}

/**
 * The resources of one pod. Resources that are not set have a default; `{}` means none. Explicit values win: a default
 * limit rises to a request above it, and a default request falls to a limit below it.
 */
export function resources(defaults: Resources) {
  return z
    .strictObject({
      requests: setting(
        quantities.optional(),
        "Resources that the scheduler reserves for one pod. A default request falls to a limit below it; `{}` means none.",
        { default: defaults.requests },
      ),
      limits: setting(
        quantities.optional(),
        "Limits of what one pod may use. A default limit rises to a request above it; `{}` means none. GPUs and other extended resources are set here.",
        { default: defaults.limits },
      ),
    })
    .superRefine((own, context) => {
      for (const { path, message } of problemsOfResources(own))
        context.addIssue({ code: "custom", path, message });
    })
    .transform((own) => withDefaultResources(own, defaults));
}

interface ResourceProblem {
  readonly path: string[];
  /** "rule; fix" */
  readonly message: string;
}

/** What the API server or the kubelet refuses by its text alone, and what it rounds without a word. */
export function problemsOfResources({ requests = {}, limits = {} }: OwnResources): ResourceProblem[] {
  const amounts = Object.entries({ requests, limits }).flatMap(([list, all]) =>
    Object.entries(all).flatMap(([name, value]) => {
      const message = problemOfQuantity(value) === undefined ? problemOfAmount(name, value) : undefined;
      return message === undefined ? [] : [{ path: [list, name], message }];
    }),
  );
  return [...amounts, ...problemsOfPairs(requests, limits)];
}

/** Whether the amount is a multiple of the resource's smallest amount. */
function problemOfAmount(name: string, value: string): string | undefined {
  if (name === "cpu") {
    if (isMultipleOf(value, "1m")) return undefined;
    return "is finer than a thousandth of a CPU, to which Kubernetes rounds; give a multiple of 1m";
  }
  const page = HUGE_PAGES.exec(name)?.[1];
  if (page !== undefined && !isMultipleOf(value, page))
    return `is no multiple of a page; give a multiple of ${page}`;
  if (isMultipleOf(value, "1")) return undefined;
  if (isExtended(name)) return "must be an integer: this resource has no parts";
  const number = value.endsWith("m") ? value.slice(0, -1) : undefined;
  const fix = number === undefined ? `write "${inMebibytes(value)}Mi"` : `did you mean "${number}Mi"?`;
  return `is a fraction of a byte${number === undefined ? "" : ' ("m" means a thousandth)'}; ${fix}`;
}

/** Whether a resource cannot be overcommitted. @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#consuming-extended-resources */
export function isExtended(name: string): boolean {
  return name.includes("/");
}

function problemsOfPairs(requests: Quantities, limits: Quantities): ResourceProblem[] {
  return Object.entries(requests).flatMap(([name, request]) => {
    const path = ["requests", name];
    const limit = limits[name];
    const isWhole = isExtended(name) || HUGE_PAGES.test(name);
    if (limit === undefined) {
      const message = `has no limit, which Kubernetes wants for this resource; set limits.${name} to ${request} instead`;
      return isWhole ? [{ path, message }] : [];
    }
    const order = problemOfQuantity(request) ?? problemOfQuantity(limit) ?? compareQuantities(request, limit);
    if (typeof order === "string" || order === 0 || (order < 0 && !isWhole)) return [];
    const message = isWhole
      ? `is not the limit of ${limit}, and for this resource both must be equal; remove the request`
      : `is more than the limit of ${limit}; lower it or raise limits.${name}`;
    return [{ path, message }];
  });
}

/** Fills in the resources that are missing. */
export function withDefaultResources(own: OwnResources, defaults: Resources): Resources {
  const requests = filled(own.requests, defaults.requests);
  const limits = filled(own.limits, defaults.limits);
  for (const [name, limit] of Object.entries(limits)) {
    const request = requests[name];
    if (request === undefined || compareQuantities(request, limit) <= 0) continue;
    if (own.limits?.[name] === undefined) limits[name] = request;
    else requests[name] = limit;
  }
  return { requests, limits };
}

function filled(own: Quantities | undefined, defaults: Quantities): Record<string, string> {
  return own !== undefined && Object.keys(own).length === 0 ? {} : { ...defaults, ...own };
}
