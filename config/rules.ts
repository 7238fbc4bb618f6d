import { z } from "zod";
import { RESERVED_ANNOTATIONS, RESERVED_LABELS } from "../fleet/owner";
import { compareQuantities, problemOfQuantity } from "../fleet/quantity";

/** The rules of values that several settings share. Pure zod schemas; a message is "rule" or "rule; fix". */

export const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const IMAGE = /^[a-zA-Z0-9][\w.\-/:]*(@sha256:[a-f0-9]{64})?$/;
/** Without the segments "." and "..": Kubernetes refuses them, and clients resolve them before they send. */
export const PATH = /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/;
/** Kubernetes' own resources, and extended resources, whose names have a domain. */
const RESOURCE =
  /^(cpu|memory|ephemeral-storage|hugepages-\S+|[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[-A-Za-z0-9_.]+)$/;
/** Variable names that look like secrets. Secrets belong in `secrets`, where Pulumi encrypts them. */
const SECRET_NAME = /(^|_)(TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/** What the reference says about a setting besides its rule and its help. */
export interface About<Value> {
  /** Its value if nobody sets it. The program applies it; the reference and the editor show it. */
  readonly default?: Value;
  /** What happens if nobody sets it, in words. For settings without a fixed default. */
  readonly otherwise?: string;
}

/** A setting: its rule, its help and its default, each declared only here. */
export function setting<T extends z.ZodType>(rule: T, help: string, about: About<z.output<T>> = {}): T {
  return rule.meta({ description: help, ...about });
}

/** A string that must match a pattern. */
export const text = (rule: string, pattern: RegExp) => z.string().regex(pattern, rule);

/** A string. Numbers and booleans are converted, since YAML and `pulumi config set --path` produce them. */
const scalarOf = (string: z.ZodString, rule?: string) =>
  z
    .union([string, z.number(), z.boolean()], rule)
    .refine(
      (value) => typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value),
      "is a number too large to be kept exactly; put it in quotes",
    )
    .transform(String);
export const scalar = scalarOf(z.string());

export const image = (example: string) => text(`is not an image reference such as ${example}`, IMAGE);

/** @param reserved Keys, and prefixes that end in "/". */
const key = (what: string, reserved: readonly string[]) =>
  text(`is not ${what} (letters, digits, "-", "_" and ".", a DNS prefix before "/")`, LABEL_KEY).refine(
    (name) => !reserved.some((one) => (one.endsWith("/") ? name.startsWith(one) : name === one)),
    "is set by modelfleet itself; choose another key",
  );

const LABEL_VALUE_RULE = 'is not a label value (at most 63 letters, digits, "-", "_" and ".")';
const labelValue = text(LABEL_VALUE_RULE, LABEL_VALUE);
// Checked again after conversion: "-1" is not a label value.
export const labels = z.record(
  key("a label key", RESERVED_LABELS),
  scalarOf(labelValue, LABEL_VALUE_RULE).pipe(labelValue),
);
export const annotations = z.record(key("an annotation key", RESERVED_ANNOTATIONS), scalar);

export const envName = text(
  'is not the name of an environment variable (letters, digits, "_", "-" and "."; no digit first)',
  ENV_NAME,
);
export const env = z.record(
  envName.refine(
    (name) => !SECRET_NAME.test(name),
    "looks like a secret, which must not be in plain text; set it with `pulumi config set --secret --path 'secrets.<model>.<NAME>'`",
  ),
  scalar,
);

const quantity = z
  .union([z.string(), z.number()])
  .transform(String)
  .superRefine((value, context) => {
    const message = problemOfQuantity(value);
    if (message) context.addIssue({ code: "custom", message });
  });
const quantities = z.record(
  text('is not a resource name such as "cpu", "memory" or "nvidia.com/gpu"', RESOURCE),
  quantity,
);

/** The resources that one pod requests, and their limits, as Kubernetes quantities. */
export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
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
        "Limits of what one pod may use. A default limit rises to a request above it; `{}` means none.",
        { default: defaults.limits },
      ),
    })
    .superRefine(({ requests = {}, limits = {} }, context) => {
      for (const [name, request] of Object.entries(requests)) {
        const limit = limits[name];
        if (limit === undefined || problemOfQuantity(request) || problemOfQuantity(limit)) continue;
        if (compareQuantities(request, limit) <= 0) continue;
        const message = `is more than the limit of ${limit}; lower it or raise limits.${name}`;
        context.addIssue({ code: "custom", path: ["requests", name], message });
      }
    })
    .transform((own) => withDefaultResources(own, defaults));
}

type Quantities = Readonly<Record<string, string>>;

/** Fills in the resources that are missing. */
export function withDefaultResources(
  own: { readonly requests?: Quantities | undefined; readonly limits?: Quantities | undefined },
  defaults: Resources,
): Resources {
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
