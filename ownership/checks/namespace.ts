import type { Check } from "../finding";
import type { NamespaceObject } from "../snapshot";

/** Refuses a namespace that is being deleted: the API server accepts no new object in it. */
export const terminatingNamespace: Check = ({ namespace: name }, { namespace }) => {
  if (typeof namespace === "string") return [];
  const { metadata, status } = namespace;
  if (metadata?.deletionTimestamp === undefined && status?.phase !== "Terminating") return [];
  const since = metadata?.deletionTimestamp === undefined ? "" : ` since ${metadata.deletionTimestamp}`;
  const why = holders(namespace);
  const fix = why === "" ? "wait until it is gone" : "remove that, or wait until it is gone";
  return [
    {
      level: "error",
      text: `namespace "${name}": is being deleted${since}${why === "" ? "" : ` (${why})`}; ${fix}, and run this again`,
    },
  ];
};

/** What keeps a namespace from being gone, in the words of the API server. */
function holders({ metadata, status }: NamespaceObject): string {
  const conditions = (status?.conditions ?? []).filter((condition) => condition.status === "True");
  return [
    ...conditions.map(({ message = "" }) => message.trim().replace(/[.,]$/, "")),
    ...(metadata?.finalizers ?? []).map((finalizer) => `it has the finalizer ${finalizer}`),
  ].join("; ");
}

/** Refuses another namespace while the fleet runs in the old one: Pulumi would delete it there, whether or not it starts here. */
export const movedNamespace: Check = ({ namespace }, { last, runsElsewhere }) =>
  runsElsewhere
    ? [
        {
          level: "error",
          text:
            `namespace: "${namespace}" is not "${last.namespace}", where the fleet of this stack runs and would be deleted; ` +
            `set namespace to ${last.namespace}, or move the fleet as in docs/own-cluster.md, "Another namespace"`,
        },
      ]
    : [];
