import { hasRoutes } from "./base";
import type { Draft, Source } from "./draft";
import { valueAt } from "./fields";

/** KServe's canaries, which become variants. */

/** A canary. */
interface Challenger {
  readonly name: string;
  readonly percent: unknown;
  /** The field with that share. */
  readonly field: string;
  readonly draft: Draft;
}

/** Settings that are those of the whole model. */
const SHARED = ["route"];

export function joinVariants(
  draft: Draft,
  champion: { readonly name: string; readonly draft: Draft },
  challengers: readonly Challenger[],
): void {
  draft.set("champion", champion.name, "spec.canary");
  for (const { name, draft: own } of [champion, ...challengers]) {
    for (const [key, value] of Object.entries(own.settings)) {
      const isShared = SHARED.includes(key);
      if (isShared && own !== champion.draft) continue;
      draft.set(isShared ? [key] : ["variants", name, key], value, own.fields.get(key) ?? "spec");
    }
    for (const [key, field] of own.fields) draft.fields.set(`variants.${name}.${key}`, field);
  }
  for (const { name, percent, field } of challengers) {
    if (hasRoutes(draft.base)) draft.set(["variants", name, "trafficPercent"], percent, field);
    else if (percent !== 0)
      draft.note(
        field,
        `is ${String(percent)}, and is not carried over, since an Ingress cannot split requests: the variant gets none; with --settings, a file that sets routing.flavour to gateway, it is`,
      );
  }
}

/** Joins the document of a former revision, and the one that gets `canaryTrafficPercent` of its requests. */
export function joinRevisions(former: Draft, canary: Draft, joined: Draft): void {
  const field = "spec.predictor.canaryTrafficPercent";
  const percent = canaryPercentOf(canary.source);
  joinVariants(joined, { name: "default", draft: former }, [
    { name: "canary", percent, field, draft: canary },
  ]);
}

/** The share of a canary in progress; undefined if the document has all requests. */
export function canaryPercentOf({ document }: Source): number | undefined {
  const percent = valueAt(document, "spec.predictor.canaryTrafficPercent");
  return typeof percent === "number" && percent < 100 ? percent : undefined;
}
