import { nearestModelId, problemOfModelId } from "../fleet/names";
import { isMap } from "./merge";
import { problem, type Problem } from "./problem";

/** The active model IDs, sorted, and the problems of the list. IDs with a problem are left out. */
export interface ModelList {
  readonly ids: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the list of active models in any form that `pulumi config set` makes: `iris,churn`, also with white space,
 * `["iris","churn"]`, or the list that `--path 'models[0]'` builds. An empty string or list is a fleet without models.
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
  const taken = new Set(items.filter((item) => typeof item === "string"));
  items.forEach((item, index) => {
    const found = problemOfItem(item, `models[${index}]`, first, taken);
    if (found !== undefined) problems.push(found);
    else first.set(item as string, index);
  });
  return { ids: [...first.keys()].sort(), problems };
}

/** @param first The index of each earlier ID. @param taken IDs that are listed, or suggested already. */
function problemOfItem(
  item: unknown,
  path: string,
  first: ReadonlyMap<string, number>,
  taken: Set<string>,
): Problem | undefined {
  if (typeof item !== "string") {
    // `pulumi config set --path` replaces a string by a list that it fills with nulls.
    const fix =
      item === null
        ? "set the whole list with `pulumi config set models iris,churn`"
        : "give a model ID such as iris";
    return problem(path, item, "must be a string", fix);
  }
  if (/[^\s,][\s,]+[^\s,]/.test(item)) {
    return problem(path, item, "is more than one model ID", "give each ID an item of its own");
  }
  const rule = problemOfModelId(item);
  if (rule !== undefined) return problem(path, item, rule, fixOfId(item, taken));
  const earlier = first.get(item);
  if (earlier === undefined) return undefined;
  return problem(path, item, `is listed already as models[${earlier}]`, "remove one of the two");
}

/** The problems of a map's keys, each of which must be a valid model ID. */
export function problemsOfIds(key: string, map: unknown): Problem[] {
  if (!isMap(map)) return [];
  const taken = new Set(Object.keys(map));
  return Object.keys(map).flatMap((id) => {
    const rule = problemOfModelId(id);
    return rule === undefined
      ? []
      : [problem(`${key}[${JSON.stringify(id)}]`, undefined, `the name ${rule}`, fixOfId(id, taken))];
  });
}

/** @param taken IDs that nobody is told to use: they are there, or suggested for another one. */
function fixOfId(id: string, taken: Set<string>): string {
  const near = nearestModelId(id);
  if (near === undefined) return "rename the model";
  if (taken.has(near))
    return `remove it if it means "${near}", which is there or suggested already, or rename the model`;
  taken.add(near);
  return `did you mean "${near}"?`;
}

function listItems(raw: string): unknown[] | undefined {
  const text = raw.trim();
  if (text === "") return [];
  // IDs hold neither commas nor white space, so any of them separates two.
  if (!/^[[{"]/.test(text)) return text.split(/[\s,]+/).filter((item) => item !== "");
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
