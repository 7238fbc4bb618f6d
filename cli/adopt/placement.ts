import { isMap, mapOf, without } from "../../config/merge";
import type { ContainerObject, PodSpec } from "./objects";
import type { Draft } from "./remarks";

type Labels = Readonly<Record<string, string>>;

/** The labels of the old pods, and which of them the new pods do not have. */
export interface OldLabels {
  readonly all: Labels;
  readonly gone: readonly string[];
  /** By which labels the old Deployment and its Services select the pods. */
  readonly selectors: readonly Labels[];
}

/** The label of the new pods with the model's ID. */
const NAME = "app.kubernetes.io/name";

/** Carries over which pods and nodes the pods want near, with the labels of the new pods. */
export function carryPlacement(pod: PodSpec, labels: OldLabels, draft: Draft): void {
  const { affinity, topologySpreadConstraints: spread } = pod;
  const moved = (field: string, value: unknown) => withNewLabels(value, labels, draft, field);
  if (affinity !== undefined && Object.keys(affinity).length > 0)
    draft.settings["affinity"] = moved("affinity", affinity);
  if (spread === undefined || spread.length === 0) return;
  const constraints = spread.map((one) => {
    const selector = (one as { readonly labelSelector?: unknown }).labelSelector;
    // Without one, the fleet counts the pods of the model's own revision.
    return isOwn(selector, labels) ? without(one as { labelSelector?: unknown }, ["labelSelector"]) : one;
  });
  draft.settings["topologySpreadConstraints"] = moved("topologySpreadConstraints", constraints);
}

/** A selector of the model's own pods selects the new ones. */
function withNewLabels(value: unknown, labels: OldLabels, draft: Draft, field: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withNewLabels(one, labels, draft, field));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      if (key === "labelSelector" && isOwn(one, labels)) return [key, { matchLabels: { [NAME]: draft.id } }];
      const lost = lostIn(key, one, labels);
      const text = `its ${field} looks at the label ${lost.join(" and ")}, which its new pods do not have: correct catalog.${draft.id}.${field}`;
      if (lost.length > 0 && !draft.notes.includes(text)) draft.note(text);
      return [key, withNewLabels(one, labels, draft, field)];
    }),
  );
}

/**
 * Whether a selector means the model's own pods, and by a label that the new ones lack. One with fewer labels than the
 * Deployment or a Service selects by may mean pods of other models too.
 */
function isOwn(selector: unknown, { all, gone, selectors }: OldLabels): boolean {
  const { matchLabels, matchExpressions = [] } = partsOf(selector);
  const isWhole = selectors.some((one) => Object.keys(one).length > 0 && isWithin(one, matchLabels));
  return (
    matchExpressions.length === 0 &&
    isWithin(matchLabels, all) &&
    isWhole &&
    gone.some((key) => key in matchLabels)
  );
}

function isWithin(some: Labels, all: Labels): boolean {
  return Object.entries(some).every(([key, value]) => all[key] === value);
}

function partsOf(selector: unknown): {
  readonly matchLabels: Labels;
  readonly matchExpressions?: readonly object[];
} {
  return { matchLabels: {}, ...mapOf(selector) };
}

/** The missing labels by which a part of a rule looks at the old pods. */
function lostIn(key: string, value: unknown, { all, gone }: OldLabels): string[] {
  if (key === "labelSelector") {
    const { matchLabels } = partsOf(value);
    return isWithin(matchLabels, all) ? gone.filter((one) => one in matchLabels) : [];
  }
  if (!Array.isArray(value)) return [];
  const names =
    key === "matchLabelKeys" || key === "mismatchLabelKeys"
      ? (value as string[])
      : key === "matchExpressions"
        ? (value as { readonly key: string }[]).map((one) => one.key)
        : [];
  return gone.filter((one) => names.includes(one));
}

/**
 * Carries over devices. A setting gives the server all of them; where it has not all, or several requests of one, the pod is
 * what it was by `podSpec`.
 */
export function carryClaims({ resourceClaims = [] }: PodSpec, server: ContainerObject, draft: Draft): void {
  if (resourceClaims.length === 0) return;
  const wanted = server.resources?.claims ?? [];
  const own = resourceClaims.map((claim) => wanted.filter(({ name }) => name === claim.name));
  if (own.every(({ length }) => length === 1)) {
    draft.settings["resourceClaims"] = resourceClaims.map((claim, index) => ({
      ...claim,
      ...own[index]?.[0],
    }));
    return;
  }
  draft.addToPod("resourceClaims", resourceClaims);
  if (wanted.length > 0) draft.addToContainer("resources", { claims: wanted });
}
