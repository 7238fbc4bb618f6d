import { isIP } from "node:net";
import { z } from "zod";
import { problemOfImage } from "../fleet/image";
import { RESERVED_ANNOTATIONS, RESERVED_LABELS } from "../fleet/owner";

/** The rules of values that several settings share. Pure zod schemas; a message is "rule" or "rule; fix". */

export const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_KEY = new RegExp(
  `^((?=[^/]{1,253}/)${DNS_NAME.source.slice(1, -1)}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`,
);
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** At most as long as a key of a Secret, since a variable may come from one. */
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,252}$/;
/** Without the segments "." and "..": Kubernetes refuses them, and clients resolve them before they send. */
export const PATH = /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/;

/** A namespace. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
export const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
export const NAMESPACE_RULE =
  'is not a namespace (a DNS label: lower-case letters, digits and "-", at most 63)';

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

/** How long a request may take, in seconds. */
export const timeoutSeconds = z.int().min(1).max(86_400);

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
    .refine(
      (value) => !String(value).includes("\0"),
      "has a NUL character, which Kubernetes cannot pass on; remove it",
    )
    .transform(String);
export const scalar = scalarOf(z.string());

/** A string that a function finds no problem with: it returns "rule" or "rule; fix". */
export const checkedBy = (problemOf: (value: string) => string | undefined) =>
  z.string().superRefine((value, context) => {
    const message = problemOf(value);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** A DNS name. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
export const dnsName = (rule: string) =>
  text(rule, DNS_NAME).refine(
    ({ length }) => length <= 253,
    "is longer than a DNS name, which has at most 253 characters",
  );

/** The name of a host, not its address. */
export const hostName = dnsName("is not a host name such as models.example.com").refine(
  (host) => isIP(host) === 0,
  "is an address, not a host name; remove it and set routing.url instead",
);

export const image = checkedBy((value) =>
  value === "" ? "is empty; give an image reference such as registry.example/iris:3" : problemOfImage(value),
);

/** @param reserved Keys, and prefixes that end in "/". */
const key = (what: string, reserved: readonly string[]) =>
  text(`is not ${what} (letters, digits, "-", "_" and ".", a DNS prefix before "/")`, LABEL_KEY).refine(
    (name) => !reserved.some((one) => (one.endsWith("/") ? name.startsWith(one) : name === one)),
    "is set by modelfleet itself; choose another key",
  );

/** Labels and annotations with a meaning for the API server, which refuses other values: "rule; fix". */
const JUDGED: readonly [key: RegExp, value: RegExp, message: string][] = [
  [
    /^kubernetes\.io\/ingress\.class$/,
    /^\b$/,
    "is refused by Kubernetes together with a class name; set ingress.className",
  ],
  [
    /^(kubernetes\.io\/config\.mirror|scheduler\.alpha\.kubernetes\.io\/tolerations|(container\.)?seccomp\.security\.alpha\.kubernetes\.io\/.*|container\.apparmor\.security\.beta\.kubernetes\.io\/(?!model$).*|service\.beta\.kubernetes\.io\/load-balancer-source-ranges)$/,
    /^\b$/,
    "is refused by Kubernetes for these pods or Services; remove it",
  ],
  [
    /^container\.apparmor\.security\.beta\.kubernetes\.io\/model$/,
    /^(runtime\/default|localhost\/.+)$/,
    'is not "runtime/default" or "localhost/<profile>"',
  ],
  [
    /^controller\.kubernetes\.io\/pod-deletion-cost$/,
    /^(0|-?[1-9]\d{0,8})$/,
    "is not a number below 1,000,000,000",
  ],
  [
    /^pod-security\.kubernetes\.io\/(audit|warn)$/,
    /^(privileged|baseline|restricted)$/,
    "is not one of privileged, baseline, restricted",
  ],
  [
    /^pod-security\.kubernetes\.io\/.*-version$/,
    /^(latest|v1\.(0|[1-9]\d*))$/,
    'is not "latest" or a version such as v1.30',
  ],
];

function judge(all: Readonly<Record<string, string>>, context: z.core.$RefinementCtx): void {
  for (const [name, value] of Object.entries(all)) {
    const [, , message] = JUDGED.find(([key, values]) => key.test(name) && !values.test(value)) ?? [];
    if (message !== undefined) context.addIssue({ code: "custom", path: [name], message });
  }
}

const LABEL_VALUE_RULE = 'is not a label value (at most 63 letters, digits, "-", "_" and ".")';
const labelValue = text(LABEL_VALUE_RULE, LABEL_VALUE);
// Checked again after conversion: "-1" is not a label value.
export const labels = z
  .record(key("a label key", RESERVED_LABELS), scalarOf(labelValue, LABEL_VALUE_RULE).pipe(labelValue))
  .superRefine(judge);
/** The key of any label, also of those that Kubernetes sets. */
export const labelKey = key("a label key", []);
/** Labels that others must have, such as nodes: any key is possible. */
export const wantedLabels = z.record(labelKey, scalarOf(labelValue, LABEL_VALUE_RULE).pipe(labelValue));
export const annotations = z
  .record(key("an annotation key", RESERVED_ANNOTATIONS), scalar)
  .superRefine(judge);

export const envName = text(
  'is not the name of an environment variable (letters, digits, "_", "-" and ".", at most 253; no digit first)',
  ENV_NAME,
);
