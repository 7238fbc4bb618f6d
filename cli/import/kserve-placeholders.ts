import { isMap } from "../../config/merge";
import type { Draft } from "./draft";
import { valueAt } from "./fields";
import { MLSERVER_CLASSES } from "./servers";

/**
 * The placeholders in a ServingRuntime, which KServe fills from each InferenceService: its name, its labels and its
 * annotations. Kubernetes fills in variables, and each model has its own: so a placeholder becomes one.
 */

const PLACEHOLDER = /\{\{\s*\.(\w+)(?:\.([\w./-]+))?\s*\}\}/g;

/** A text with variables for its placeholders. Any other one is a problem. */
function withVariables(text: string, draft: Draft, at: string): string {
  const known = new Map<string, string>();
  const filled = text.replaceAll(PLACEHOLDER, (whole, kind: string, key: string | undefined) => {
    if (kind === "Name" && key === undefined) return "$(MODEL_NAME)";
    if (key === undefined || (kind !== "Labels" && kind !== "Annotations")) return whole;
    const variable = `KSERVE_${key
      .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
      .replaceAll(/\W+/g, "_")
      .toUpperCase()}`;
    known.set(variable, `${kind.toLowerCase()}.${key}`);
    return `$(${variable})`;
  });
  if (/\{\{.*\}\}/.test(filled))
    draft.problem(at, undefined, "has a placeholder that only KServe can fill", "replace it in the document");
  const { placeholders } = draft.report;
  placeholders.set(draft.name, new Map([...(placeholders.get(draft.name) ?? []), ...known]));
  return filled;
}

/** A value with variables for the placeholders in all of its texts. @param draft That of the runtime. */
export function withoutPlaceholders(value: unknown, draft: Draft, at: string): unknown {
  if (typeof value === "string") return withVariables(value, draft, at);
  if (Array.isArray(value))
    return value.map((one, index) => withoutPlaceholders(one, draft, `${at}[${index}]`));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withoutPlaceholders(one, draft, `${at}.${key}`)]),
  );
}

/** Gives a model the variables of its runtime's placeholders. */
export function fillPlaceholders(
  draft: Draft,
  runtime: string,
  { format, protocol, field }: { readonly format: string; readonly protocol: string; readonly field: string },
): void {
  // KServe sets these itself, from what the document says.
  const own: Readonly<Record<string, string | undefined>> = {
    "labels.modelClass": MLSERVER_CLASSES[format],
    "labels.serviceEnvelope": protocol === "v2" ? "kservev2" : "kserve",
    "annotations.modelFormat": format,
  };
  for (const [variable, place] of draft.report.placeholders.get(runtime) ?? []) {
    const [kind = "", ...key] = place.split(".");
    const map = valueAt(draft.source.document, `metadata.${kind}`);
    const value = (isMap(map) ? map[key.join(".")] : undefined) ?? own[place];
    if (value !== undefined) draft.set(["env", variable], value, field);
    else
      draft.problem(
        field,
        runtime,
        `is a runtime that needs metadata.${place}, which the document does not have`,
        "add it",
      );
  }
}
