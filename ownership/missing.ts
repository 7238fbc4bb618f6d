/**
 * Objects that the state has and the cluster lacks: Pulumi calls them unchanged unless it refreshes. Registering an
 * object shows what the engine's state has, refreshed or not: in a preview, only an object that exists has an ID, and an
 * object that an update has registered and that is still missing was in the state.
 */

import * as pulumi from "@pulumi/pulumi";
import { knownId } from "../components/known-id";
import { transformOwn } from "../components/own-resources";
import { type Kind, KIND_NAMES, pathOf, pulumiType } from "../fleet/objects";
import { connect } from "../kubernetes/api";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import type { Ownership } from "./check";
import type { OwnershipArgs } from "./finding";
import type { Snapshot } from "./snapshot";

type Registered = readonly [kind: Kind, resource: pulumi.CustomResource];

/**
 * Watches what the fleet registers from now on. If the state has the Namespace and the cluster has not, nothing
 * else is sent: every request would fail.
 *
 * @returns Refuses the other missing objects; to be called when everything is registered. A preview changes nothing, so
 *   `pulumi up` ends with it. An update without a preview finds out when it has sent the rest, and deletes nothing.
 *   Otherwise resolves to whether every object is as the settings say.
 */
export function watchMissing(args: OwnershipArgs, { snapshot }: Ownership): () => Promise<boolean> {
  const registered: Registered[] = [];
  let gate: Promise<void> = Promise.resolve();
  transformOwn(({ type, resource, props, opts }) => {
    if (type === "kubernetes:core/v1:Namespace" && snapshot.namespace === "missing") {
      // After the constructor has given the resource its outputs.
      gate = Promise.resolve().then(() => refuseMissingNamespace(args, resource as pulumi.CustomResource));
    }
    const kind = KIND_NAMES.find((name) => pulumiType(name) === type);
    if (kind === undefined) return undefined;
    registered.push([kind, resource as pulumi.CustomResource]);
    if (snapshot.namespace !== "missing") return undefined;
    const { metadata } = props;
    const namespace = pulumi.output(metadata.namespace).apply(async (name) => {
      await gate;
      return name as string;
    });
    return { props: { ...props, metadata: { ...metadata, namespace } }, opts };
  });
  return () => refuseMissing(args, snapshot, registered);
}

async function refuseMissingNamespace(
  { namespace, cluster }: OwnershipArgs,
  resource: pulumi.CustomResource,
): Promise<void> {
  const id = await knownId(resource);
  if (id === undefined) return;
  // An update has just created it, unless the state has it.
  if (!pulumi.runtime.isDryRun()) {
    const { status } = await connect(cluster).get(`/api/v1/namespaces/${namespace}`);
    if (status !== 404) return;
  }
  throw asRunError(
    new UserError(
      `namespace "${namespace}" is missing in the cluster, and with it every object of the last update; ` +
        "nothing was changed: `pulumi up --refresh` creates them again",
    ),
  );
}

async function refuseMissing(
  { namespace, cluster }: OwnershipArgs,
  { objects }: Snapshot,
  registered: readonly Registered[],
): Promise<boolean> {
  const names = await Promise.all(
    registered.map(async ([kind, resource]) => [kind, (await knownId(resource))?.split("/")[1]] as const),
  );
  const wanted = names.flatMap(([kind, name]) => (name === undefined ? [] : [{ kind, name }]));
  const before = new Map([...objects].map(([kind, list]) => [kind, new Set(list.map(nameOf))]));
  const absent = wanted.filter(({ kind, name }) => before.get(kind)?.has(name) === false);
  const missing = pulumi.runtime.isDryRun() ? absent : await stillAbsent(absent);
  if (missing.length > 0) throw asRunError(errorOf(missing, namespace, pulumi.runtime.isDryRun()));
  return wanted.length === registered.length;

  /** Those that the update has not created meanwhile. */
  async function stillAbsent(candidates: typeof absent): Promise<typeof absent> {
    const api = connect(cluster);
    const kinds = [...new Set(candidates.map(({ kind }) => kind))];
    const lists = await Promise.all(
      kinds.map(async (kind) => {
        const { body } = await api.listMetadata(pathOf(kind, namespace));
        const { items } = body as { items?: { metadata: { name?: string } }[] };
        return [kind, items && new Set(items.map(nameOf))] as const;
      }),
    );
    const now = new Map(lists);
    return candidates.filter(({ kind, name }) => now.get(kind)?.has(name) === false);
  }
}

/** Every object is named, a line per kind: the list may be long. */
function errorOf(
  missing: readonly { readonly kind: Kind; readonly name: string }[],
  namespace: string,
  isPreview: boolean,
): UserError {
  const lines = KIND_NAMES.map((kind) =>
    missing
      .filter((one) => one.kind === kind)
      .map(({ name }) => `${kind}/${name}`)
      .sort()
      .join(", "),
  ).filter((line) => line !== "");
  const [count, are] = missing.length === 1 ? ["1 object", "is"] : [`${missing.length} objects`, "are"];
  const outcome = isPreview
    ? "nothing was changed"
    : "the update has done the rest, except that it deleted nothing";
  return new UserError(
    `${count} of the last update ${are} missing in namespace "${namespace}" of the cluster; ${outcome}; ` +
      `\`pulumi up --refresh\` creates what is missing:\n${lines.map((line) => `  ${line}`).join("\n")}`,
  );
}

function nameOf({ metadata }: { readonly metadata: { readonly name?: string } }): string {
  return metadata.name ?? "";
}
