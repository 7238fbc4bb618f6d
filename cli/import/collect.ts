import { nearestModelId, problemOfModelId } from "../../fleet/names";
import type { Base } from "./base";
import type { Imported } from "./check";
import type { Documents } from "./documents";
import { Draft, type Report, type Source } from "./draft";
import { valueAt } from "./fields";
import { MODEL_KINDS } from "./kinds";
import { canaryPercentOf, joinRevisions } from "./kserve-canary";

/** Everything that the documents say. */
export interface Collected extends Imported {
  readonly report: Report;
  /** By ID. */
  readonly drafts: ReadonlyMap<string, Draft>;
}

/** Carries over every document. @param fixIds Whether a name that is no model ID becomes the nearest one. */
export function collect({ models, named }: Documents, base: Base, fixIds: boolean): Collected {
  const report: Report = {
    notes: new Map(),
    problems: [],
    failed: new Set(),
    fleet: {},
    placeholders: new Map(),
    named,
  };
  const drafts = new Map<string, Draft>();
  for (const [id, sources] of byId(models, { report, base, fixIds })) {
    const draft = draftOf(id, sources, report, base);
    if (draft !== undefined) drafts.set(id, draft);
  }
  const ids = [...drafts.keys()].sort();
  const catalog = Object.fromEntries(ids.map((id) => [id, inOrder(drafts.get(id)?.settings ?? {})]));
  return { ids, catalog, fleet: report.fleet, report, drafts };
}

/** What people look for first. */
const FIRST = ["image", "runtime", "storageUri", "command", "args", "env"];

function inOrder(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const first = FIRST.filter((key) => settings[key] !== undefined).map(
    (key) => [key, settings[key]] as const,
  );
  return { ...Object.fromEntries(first), ...settings };
}

interface Around {
  readonly report: Report;
  readonly base: Base;
  readonly fixIds: boolean;
}

function byId(models: readonly Source[], { report, base, fixIds }: Around): Map<string, Source[]> {
  const found = new Map<string, Source[]>();
  for (const source of models) {
    const name = valueAt(source.document, "metadata.name");
    const draft = new Draft(typeof name === "string" ? name : "", source, report, base);
    if (typeof name !== "string")
      draft.problem("metadata.name", name, name === undefined ? "is missing" : "must be a string", "");
    else {
      const id = idOf(name, draft, fixIds);
      if (id !== undefined) found.set(id, [...(found.get(id) ?? []), source]);
    }
  }
  return found;
}

function idOf(name: string, draft: Draft, fixIds: boolean): string | undefined {
  const rule = problemOfModelId(name);
  if (rule === undefined) return name;
  const near = nearestModelId(name);
  if (near !== undefined && fixIds) {
    draft.note(
      "metadata.name",
      `${JSON.stringify(name)} is no model ID, so the model is ${near}; clients that name it must change`,
    );
    return near;
  }
  const fix = near === undefined ? "rename it" : `did you mean "${near}"? With --fix-ids it becomes that`;
  draft.problem("metadata.name", name, rule, fix);
  return undefined;
}

function draftOf(id: string, sources: readonly Source[], report: Report, base: Base): Draft | undefined {
  const [first, second, ...others] = sources;
  if (first === undefined) return undefined;
  const carried = (source: Source) => {
    const draft = new Draft(id, source, report, base);
    MODEL_KINDS.find(
      ({ apiVersion, kind }) => kind === source.kind && apiVersion === source.document["apiVersion"],
    )?.carry(draft);
    return draft;
  };
  const draft = new Draft(id, first, report, base);
  if (base["catalog"] !== undefined && valueAt(base["catalog"], id) !== undefined)
    draft.problem("metadata.name", id, "is in the catalog of --settings already", "rename one of the two");
  const canaries = sources.filter((source) => canaryPercentOf(source) !== undefined);
  const former = sources.filter((source) => !canaries.includes(source));
  const [canary] = canaries;
  if (others.length === 0 && canary !== undefined && former[0] !== undefined) {
    joinRevisions(carried(former[0]), carried(canary), draft);
    return draft;
  }
  if (second !== undefined) {
    const places = sources.slice(1).map(({ place }) => place);
    draft.problem(
      "metadata.name",
      id,
      `is the name in ${places.join(" and ")} too`,
      "rename one of them, or leave it out",
    );
    return undefined;
  }
  if (canary !== undefined)
    draft.problem(
      "spec.predictor.canaryTrafficPercent",
      canaryPercentOf(canary),
      "leaves the rest to the former revision, which the document does not have",
      "import the document of the former revision too, or remove the field",
    );
  return carried(first);
}
