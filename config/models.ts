import { nearestModelId, problemOfModelId } from "../fleet/names";
import { problem, type Problem } from "./problem";

/** The active model IDs, sorted, and what is wrong with the list. IDs with a problem are left out. */
export interface ModelList {
  readonly ids: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the list of active models in any form that `pulumi config set` makes: `iris,churn`, `["iris","churn"]`, or the
 * list that `--path 'models[0]'` builds. An empty text or list is a fleet without models.
 */
export function parseModels(raw: string | undefined): ModelList {
  if (raw === undefined) {
    return {
      ids: [],
      problems: [
        problem(
          "models",
          undefined,
          "is not set",
          "`pulumi config set models iris,churn` (or '' for no models)",
        ),
      ],
    };
  }
  const items = listItems(raw);
  if (items === undefined) {
    return {
      ids: [],
      problems: [
        problem("models", raw, "is not a list", "a comma list (iris,churn) or a JSON list of model IDs"),
      ],
    };
  }
  const first = new Map<string, number>();
  const problems: Problem[] = [];
  items.forEach((item, index) => {
    const path = `models[${index}]`;
    if (typeof item !== "string") {
      // What Pulumi writes when --path is used on a list that stands there as a text: it makes a list anew.
      const fix =
        item === null
          ? "set the whole list with `pulumi config set models iris,churn`"
          : "a model ID such as iris";
      problems.push(problem(path, item, "is not a text", fix));
      return;
    }
    const rule = problemOfModelId(item);
    if (rule !== undefined) {
      const nearest = nearestModelId(item);
      problems.push(problem(path, item, rule, nearest ? `did you mean "${nearest}"?` : "rename the model"));
    } else if (first.has(item)) {
      problems.push(
        problem(path, item, `is listed already as models[${first.get(item)}]`, "remove one of the two"),
      );
    } else {
      first.set(item, index);
    }
  });
  return { ids: [...first.keys()].sort(), problems };
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
