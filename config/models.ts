import { nearestModelId, problemOfModelId } from "../fleet/names";
import { isMap } from "./merge";
import { problem, type Problem } from "./problem";

/** The active model IDs, sorted, and the problems of the list. IDs with a problem are left out. */
export interface ModelList {
  readonly ids: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the list of active models in any form that `pulumi config set` makes: `iris,churn`, `["iris","churn"]`, or the
 * list that `--path 'models[0]'` builds. An empty string or list is a fleet without models.
 */
export function parseModels(raw: string | undefined): ModelList {
  if (raw === undefined) {
    const fix = "`pulumi config set models iris,churn` (or '' for no models)";
    return { ids: [], problems: [problem("models", undefined, "is not set", fix)] };
  }
  const items = listItems(raw);
  if (items === undefined) {
    const fix = "write iris,churn or a JSON list of model IDs";
    return { ids: [], problems: [problem("models", raw, "must be a list", fix)] };
  }
  const first = new Map<string, number>();
  const problems: Problem[] = [];
  items.forEach((item, index) => {
    const found = problemOfItem(item, `models[${index}]`, first);
    if (found !== undefined) problems.push(found);
    else first.set(item as string, index);
  });
  return { ids: [...first.keys()].sort(), problems };
}

/** @param first The index of each earlier ID. */
function problemOfItem(item: unknown, path: string, first: ReadonlyMap<string, number>): Problem | undefined {
  if (typeof item !== "string") {
    // `pulumi config set --path` replaces a string by a list that it fills with nulls.
    const fix =
      item === null
        ? "set the whole list with `pulumi config set models iris,churn`"
        : "give a model ID such as iris";
    return problem(path, item, "must be a string", fix);
  }
  const rule = problemOfModelId(item);
  if (rule !== undefined) return problem(path, item, rule, fixOfId(item));
  const earlier = first.get(item);
  if (earlier === undefined) return undefined;
  return problem(path, item, `is listed already as models[${earlier}]`, "remove one of the two");
}

/** The problems of a map's keys, each of which must be a valid model ID. */
export function problemsOfIds(key: string, map: unknown): Problem[] {
  if (!isMap(map)) return [];
  return Object.keys(map).flatMap((id) => {
    const rule = problemOfModelId(id);
    return rule === undefined
      ? []
      : [problem(`${key}[${JSON.stringify(id)}]`, undefined, `the name ${rule}`, fixOfId(id))];
  });
}

function fixOfId(id: string): string {
  const near = nearestModelId(id);
  return near ? `did you mean "${near}"?` : "rename the model";
}

function listItems(raw: string): unknown[] | undefined {
  const text = raw.trim();
  if (text === "") return [];
  if (!/^[[{"]/.test(text)) return text.split(",").map((item) => item.trim());
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
