import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { isMap } from "../../config/merge";
import { problem, type Problem } from "../../config/problem";
import type { Source } from "./draft";
import { groupKindOf, MODEL_KINDS, NAMED_KINDS, REFUSED } from "./kinds";
import { VALUES } from "./kubeai";

/** What files hold: models, and documents that models name. */
export interface Documents {
  readonly models: readonly Source[];
  readonly named: ReadonlyMap<string, Source>;
  readonly problems: readonly Problem[];
}

/** Reads every document of every file. @param files Their paths; `-` is standard input. */
export function readDocuments(files: readonly string[]): Documents {
  const problems: Problem[] = [];
  const sources = files.flatMap((file) => {
    const text = textOf(file, problems);
    return text === undefined ? [] : documentsIn(file === "-" ? "standard input" : file, text, problems);
  });
  const isModel = ({ kind, document }: Source) =>
    MODEL_KINDS.some((one) => one.kind === kind && one.apiVersion === document["apiVersion"]);
  const named = new Map<string, Source>();
  for (const source of sources.filter((one) => !isModel(one))) {
    const { kind, document } = source;
    const name = isMap(document["metadata"]) ? String(document["metadata"]["name"]) : "";
    named.set(kind === VALUES ? VALUES : `${kind}/${name}`, source);
  }
  return { models: sources.filter(isModel), named, problems };
}

function textOf(file: string, problems: Problem[]): string | undefined {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const rule = code === "ENOENT" ? "does not exist" : code === "EISDIR" ? "is a folder" : "cannot be read";
    problems.push(problem(file, undefined, rule, code === "EISDIR" ? "name its files" : ""));
    return undefined;
  }
}

function documentsIn(file: string, text: string, problems: Problem[]): Source[] {
  const documents = parseAllDocuments(text, { merge: true });
  if (!Array.isArray(documents)) {
    problems.push(problem(file, undefined, "is empty", ""));
    return [];
  }
  return documents.flatMap((document, index) => {
    const place = `${file}, document ${index + 1}`;
    const [error] = document.errors;
    if (error !== undefined) {
      problems.push(
        problem(
          place,
          undefined,
          `is not YAML (${error.message.split("\n")[0]?.replace(/:$/, "") ?? ""})`,
          "",
        ),
      );
      return [];
    }
    return itemsOf(place, document.toJS(), problems);
  });
}

/** A document, or those in a list as `kubectl get -o yaml` prints it. An empty document is none. */
function itemsOf(place: string, value: unknown, problems: Problem[]): Source[] {
  if (value === null || value === undefined) return [];
  if (!isMap(value)) {
    problems.push(problem(place, undefined, "must be a map", ""));
    return [];
  }
  const { apiVersion, kind, items } = value;
  if (typeof kind === "string" && kind.endsWith("List") && Array.isArray(items))
    return items.flatMap((item, index) => itemsOf(`${place}, items[${index}]`, item, problems));
  if (kind === undefined && apiVersion === undefined && isMap(value["resourceProfiles"]))
    return [{ place, kind: VALUES, document: value }];
  const rule = problemOfKind(apiVersion, kind);
  if (rule === undefined) return [{ place, kind: String(kind), document: value }];
  problems.push(`${place}: ${rule}`);
  return [];
}

function problemOfKind(apiVersion: unknown, kind: unknown): Problem | undefined {
  for (const [key, value] of Object.entries({ apiVersion, kind }))
    if (typeof value !== "string")
      return problem(key, value, value === undefined ? "is missing" : "must be a string", "");
  const [version, name] = [String(apiVersion), String(kind)];
  const known = [...MODEL_KINDS, ...NAMED_KINDS];
  if (known.some((one) => one.apiVersion === version && one.kind === name)) return undefined;
  const groupKind = groupKindOf(version, name);
  const refused = REFUSED[groupKind];
  if (refused !== undefined) return problem("kind", kind, refused, "");
  const other = known.find((one) => groupKindOf(one.apiVersion, one.kind) === groupKind);
  if (other !== undefined)
    return problem(
      "apiVersion",
      apiVersion,
      `is not ${other.apiVersion}`,
      "convert the document with the cluster: `kubectl get -o yaml`",
    );
  const kinds = known.map((one) => `${one.kind} (${one.apiVersion})`).join(", ");
  return problem("kind", kind, `of ${version} is no model`, `leave the document out; known are ${kinds}`);
}
