import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** An object as Pulumi's events hold it: its inputs, and what the cluster had when it was last read. */
export interface ObjectState {
  readonly inputs: Tree;
  readonly outputs: Tree;
}

/** Plain data of an event; Pulumi has replaced secret values in it by `[secret]`. */
export type Tree = Readonly<Record<string, unknown>>;

/** What an update would do with one resource. */
export interface Step {
  /** Pulumi's type, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Pulumi's name of the resource. */
  readonly name: string;
  readonly op: StepOp;
  /** The component that the resource belongs to; itself if it has none. */
  readonly owner: Owner;
  readonly old: ObjectState | undefined;
  readonly new: ObjectState | undefined;
  /** The paths that the provider says differ, with the kind of difference: `add`, `update-replace`. */
  readonly changed: Readonly<Record<string, string>>;
}
export type StepOp = "same" | "create" | "update" | "delete" | "replace";

/** A component, or a resource without one. */
export interface Owner {
  readonly type: string;
  readonly name: string;
}

/** The three parts of a replacement are one step, the logical `replace`. */
const OPS: readonly string[] = ["same", "create", "update", "delete", "replace"] satisfies StepOp[];

/** A whole fleet as a component, and what Pulumi makes to start it: they are none of its objects. */
const AROUND: ReadonlySet<string> = new Set(["modelfleet:index:Fleet", "pulumi:providers:modelfleet"]);

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

/** The steps of a preview, one per resource, in the order of the events. */
export function stepsOf(events: readonly EngineEvent[]): Step[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata;
    return metadata !== undefined && OPS.includes(metadata.op) && !AROUND.has(metadata.type)
      ? [stepOf(metadata)]
      : [];
  });
}

/** What the refresh before a preview found, one step per resource; `new` is undefined if the cluster has none. */
export function refreshedOf(events: readonly EngineEvent[]): Step[] {
  return events.flatMap(({ resOutputsEvent }) => {
    const metadata = resOutputsEvent?.metadata;
    return metadata !== undefined && String(metadata.op) === "refresh" ? [stepOf(metadata)] : [];
  });
}

function stepOf(metadata: Metadata): Step {
  const { op, urn, type, detailedDiff } = metadata;
  const changed = Object.entries(detailedDiff ?? {}).map(([path, { diffKind }]) => [path, diffKind]);
  return {
    type,
    name: nameOf(urn),
    op: op as StepOp,
    owner: ownerOf(urn),
    old: stateOf(metadata.old),
    new: stateOf(metadata.new),
    changed: Object.fromEntries(changed) as Record<string, string>,
  };
}

function stateOf(state: Metadata["old"] | null): ObjectState | undefined {
  return state ? { inputs: state.inputs as Tree, outputs: (state.outputs ?? {}) as Tree } : undefined;
}

/**
 * `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>`; each of our components names its objects after itself.
 * A program may have a whole fleet below a component of its own.
 */
function ownerOf(urn: string): Owner {
  const types = typesOf(urn);
  const name = nameOf(urn);
  const component = types.slice(0, -1).find((type) => type.startsWith("modelfleet:serving:"));
  return component === undefined
    ? { type: types.at(-1) ?? "", name }
    : { type: component, name: name.split(/[./]/)[0] ?? name };
}

function typesOf(urn: string): string[] {
  return (urn.split("::")[2] ?? "").split("$");
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
