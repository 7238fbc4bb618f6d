import type { ListedModel } from "./list";

/** What a variant gets of the requests, as the stack's output `models` says it. */
export interface ListedShare {
  readonly trafficPercent: number;
  readonly mirrorPercent?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How many pods a variant has, as the output `models` says it: `replicas`, or the two others if an autoscaler decides. */
export interface ListedPods {
  readonly replicas?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
}

/** A variant of a model as of the last update; of a model without variants, the model. */
export interface ListedVariant extends ListedPods {
  readonly id: string;
  /** Undefined for a model without variants. */
  readonly variant?: string;
  readonly image: string;
  /** The model's URL. */
  readonly url: string;
  readonly isChampion: boolean;
  /** Undefined for a model without variants. */
  readonly share?: ListedShare;
}

/** The variants of a model, the champion first and the others by name. */
export function listedVariants({ champion, variants, ...model }: ListedModel): ListedVariant[] {
  if (variants === undefined) return [{ ...model, isChampion: true }];
  const { id, url } = model;
  return Object.entries(variants)
    .map(([variant, one]) => {
      const { trafficPercent, mirrorPercent, headers, ...own } = one;
      const share = {
        trafficPercent,
        ...(mirrorPercent !== undefined && { mirrorPercent }),
        ...(headers && { headers }),
      };
      return { id, variant, url, ...own, share, isChampion: variant === champion };
    })
    .sort((a, b) => Number(b.isChampion) - Number(a.isChampion) || (a.variant < b.variant ? -1 : 1));
}

/** `3`, or `2-10` pods if an autoscaler decides how many. */
export function podsText({ replicas, minReplicas = 0, maxReplicas = 0 }: ListedPods): string {
  return replicas === undefined ? `${minReplicas}-${maxReplicas}` : `${replicas}`;
}

/** How people name it: `iris`, or `iris/default` and `iris/b` if the model has variants. */
export function titleOfListed({ id, variant }: Pick<ListedVariant, "id" | "variant">): string {
  return variant === undefined ? id : `${id}/${variant}`;
}

/** Where requests come from: the URL for the champion, `10 %, by header` or `no requests` for another variant. */
export function routeText({
  url,
  isChampion,
  share,
}: Pick<ListedVariant, "isChampion" | "share"> & { readonly url: string }): string {
  const { trafficPercent = 0, mirrorPercent = 0, headers } = share ?? {};
  if (isChampion) return url;
  const parts = [
    ...(trafficPercent > 0 ? [`${trafficPercent} %`] : []),
    ...(mirrorPercent > 0 ? [`copies of ${mirrorPercent} %`] : []),
    ...(headers === undefined ? [] : ["by header"]),
  ];
  return parts.length === 0 ? "no requests" : parts.join(", ");
}

/** The model and the variant that a command names: `iris`, `iris/b`. */
export function splitTitle(text: string): { readonly id: string; readonly variant: string | undefined } {
  const [id = "", variant] = text.split("/");
  return { id, variant };
}
