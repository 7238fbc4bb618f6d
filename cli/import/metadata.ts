import { RESERVED_ANNOTATIONS, RESERVED_LABELS } from "../../fleet/owner";
import type { Draft } from "./draft";
import { elsewhere, type Field, lost } from "./fields";

/** Keys of tools, which mean these documents and no other object: Argo CD would delete what has its label by mistake. */
const TOOLS =
  /^(kubectl\.kubernetes\.io|argocd\.argoproj\.io|meta\.helm\.sh|helm\.sh|(kustomize|helm)\.toolkit\.fluxcd\.io|config\.kubernetes\.io)\//;
const HELM_LABELS = ["app.kubernetes.io/managed-by", "app.kubernetes.io/instance", "app.kubernetes.io/name"];

/** What a system's own labels or annotations mean. */
export type OwnKeys = Readonly<
  Record<string, string | ((value: string, draft: Draft, path: string) => void)>
>;

/** What the API server writes. */
const OF_THE_SERVER = [
  "creationTimestamp",
  "generation",
  "resourceVersion",
  "uid",
  "managedFields",
  "selfLink",
  "finalizers",
  "ownerReferences",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
];

/**
 * Fields of any document.
 *
 * @param own Labels and annotations of the system, with what to do instead, or how they are carried over.
 * @param prefix Other keys of the system begin with it.
 */
export function metadataFields(own: OwnKeys, prefix: RegExp): Field[] {
  const keys = (setting: "labels" | "annotations"): Field => ({
    field: `metadata.${setting}`,
    setting,
    text: "those of tools are left out, and those of the system have a meaning of their own",
    carry: (value, draft, path) => {
      for (const [key, one] of Object.entries(draft.map(value, path) ?? {}))
        carryKey({ setting, key, value: String(one) }, draft, `${path}[${JSON.stringify(key)}]`, {
          own,
          prefix,
        });
    },
  });
  return [
    { field: "apiVersion", carry: elsewhere },
    { field: "kind", carry: elsewhere },
    { field: "status", carry: elsewhere },
    { field: "metadata.name", setting: "the key in `catalog`, and an ID in `models`", carry: elsewhere },
    {
      field: "metadata.namespace",
      text: "a fleet has one `namespace`, and what its models name must be there",
      carry: (value, draft, path) =>
        draft.note(
          path,
          `${JSON.stringify(value)} is not carried over; a fleet has one namespace, and the Secrets, claims and accounts that its models name must be there`,
        ),
    },
    keys("labels"),
    keys("annotations"),
    ...OF_THE_SERVER.map((field): Field => ({ field: `metadata.${field}`, carry: elsewhere })),
  ];
}

interface Key {
  readonly setting: "labels" | "annotations";
  readonly key: string;
  readonly value: string;
}

function carryKey(
  { setting, key, value }: Key,
  draft: Draft,
  path: string,
  { own, prefix }: { readonly own: OwnKeys; readonly prefix: RegExp },
): void {
  const meaning = own[key];
  if (typeof meaning === "function") return meaning(value, draft, path);
  if (meaning !== undefined) return draft.note(path, lost(meaning));
  if (prefix.test(key)) return draft.note(path, lost("it is for the system that it comes from"));
  if (TOOLS.test(key)) return undefined;
  const reserved = setting === "labels" ? [...RESERVED_LABELS, ...HELM_LABELS] : RESERVED_ANNOTATIONS;
  if (reserved.some((one) => (one.endsWith("/") ? key.startsWith(one) : key === one)))
    return draft.note(path, lost("modelfleet sets this key itself, or it belongs to another tool"));
  return draft.set([setting, key], value, path);
}
