import { z } from "zod";
import { problemOfImage } from "../fleet/image";
import { RESERVED_ANNOTATIONS, RESERVED_LABELS } from "../fleet/owner";

/** The rules of values that several settings share. Pure zod schemas; a message is "rule" or "rule; fix". */

export const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_KEY = new RegExp(
  `^((?=[^/]{1,253}/)${DNS_NAME.source.slice(1, -1)}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`,
);
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
/** Without the segments "." and "..": Kubernetes refuses them, and clients resolve them before they send. */
export const PATH = /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/;
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

export const image = checkedBy((value) =>
  value === "" ? "is empty; give an image reference such as registry.example/iris:3" : problemOfImage(value),
);

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
export const env = z.record(envName, scalar);
