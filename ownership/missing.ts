/**
 * Objects that the state has and the cluster lacks, or has in a newer form: Pulumi calls them unchanged unless it
 * refreshes. Registering an object shows what the engine's state has, refreshed or not: in a preview, only an object that
 * exists has an ID, and an object that an update has registered and that is still missing was in the state.
 */

import * as pulumi from "@pulumi/pulumi";
import { transformOwn } from "../components/own-resources";
import { type Kind, KIND_NAMES, type ObjectName, pathOf, pulumiType } from "../fleet/objects";
import { connect } from "../kubernetes/api";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import type { Ownership } from "./check";
import type { OwnershipArgs } from "./finding";
import { knownId } from "./known";
import { outdatedObjects } from "./outdated";
import type { Snapshot } from "./snapshot";

type Registered = readonly [kind: Kind, resource: pulumi.CustomResource];

/**
 * Watches what the fleet registers from now on. If the state has the Namespace and the cluster has not, nothing
 * else is sent: every request would fail.
 *
 * @returns Refuses the other missing objects, and outdated ones; to be called when everything is registered. A preview changes nothing, so
 *   `pulumi up` ends with it. An update without a preview finds out when it has sent the rest, and deletes nothing.
 */
export function watchMissing(args: OwnershipArgs, { snapshot }: Ownership): () => pulumi.Output<void> {
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
    const { metadata } = props;
    const namespace = pulumi.output(metadata.namespace).apply(async (name) => {
      await gate;
      return name as string;
    });
    return { props: { ...props, metadata: { ...metadata, namespace } }, opts };
  });
  return () => pulumi.output(refuseWrongState(args, snapshot, registered));
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

async function refuseWrongState(
  args: OwnershipArgs,
  snapshot: Snapshot,
  registered: readonly Registered[],
): Promise<void> {
  const isPreview = pulumi.runtime.isDryRun();
  const [missing, outdated] = await Promise.all([
    missingObjects(args, snapshot, registered),
    outdatedObjects(registered, snapshot, args.stack),
  ]);
  const texts = [
    ...(missing.length > 0 ? [errorOf(MISSING, missing, args.namespace, isPreview)] : []),
    ...(outdated.length > 0 ? [errorOf(OUTDATED, outdated, args.namespace, isPreview)] : []),
  ];
  if (texts.length > 0) throw asRunError(new UserError(texts.join("\n")));
}

async function missingObjects(
  { namespace, cluster }: OwnershipArgs,
  { objects }: Snapshot,
  registered: readonly Registered[],
): Promise<ObjectName[]> {
  const names = await Promise.all(
    registered.map(async ([kind, resource]) => [kind, (await knownId(resource))?.split("/")[1]] as const),
  );
  const wanted = names.flatMap(([kind, name]) => (name === undefined ? [] : [{ kind, name }]));
  const before = new Map([...objects].map(([kind, list]) => [kind, new Set(list.map(nameOf))]));
  const absent = wanted.filter(({ kind, name }) => before.get(kind)?.has(name) === false);
  const missing = pulumi.runtime.isDryRun() ? absent : await stillAbsent(absent);
  return missing.map(({ kind, name }): ObjectName => `${kind}/${name}`);

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

/** What is said of the objects: what they are, in the singular and the plural, and what the refresh does. */
interface Wrong {
  readonly one: string;
  readonly many: string;
  readonly refresh: string;
}

const MISSING: Wrong = {
  one: "object of the last update is missing",
  many: "objects of the last update are missing",
  refresh: "creates what is missing",
};

const OUTDATED: Wrong = {
  one: "object is newer than the state, since an update was killed or lost its connection",
  many: "objects are newer than the state, since an update was killed or lost its connection",
  refresh: "brings them to the settings",
};

/** Every object is named, a line per kind: the list may be long. */
function errorOf(
  { one, many, refresh }: Wrong,
  objects: readonly ObjectName[],
  namespace: string,
  isPreview: boolean,
): string {
  const lines = KIND_NAMES.map((kind) =>
    objects
      .filter((object) => object.startsWith(`${kind}/`))
      .sort()
      .join(", "),
  );
  const count = objects.length === 1 ? `1 ${one}` : `${objects.length} ${many}`;
  const outcome = isPreview
    ? "nothing was changed"
    : "the update has done the rest, except that it deleted nothing";
  return (
    `${count} in namespace "${namespace}" of the cluster; ${outcome}; ` +
    `\`pulumi up --refresh\` ${refresh}:\n${lines
      .filter((line) => line !== "")
      .map((line) => `  ${line}`)
      .join("\n")}`
  );
}

function nameOf({ metadata }: { readonly metadata: { readonly name?: string } }): string {
  return metadata.name ?? "";
}
