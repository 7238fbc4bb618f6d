import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { Kind, ObjectName } from "../../../fleet/objects";
import { fieldManager, type ManagedFields, type ObjectMeta } from "../../../fleet/owner";
import { outdatedObjects } from "../../../ownership/outdated";

const [EARLY, LATE] = ["2026-01-01T09:59:59Z", "2026-01-01T10:00:00Z"];

/** An object whose fields were set at this time. @param by The manager. @default the stack, by its apply */
const meta = (name: string, time: string, by: Partial<ManagedFields> = {}): ObjectMeta => ({
  name,
  managedFields: [{ manager: fieldManager("dev"), operation: "Apply", time, ...by }],
});

/** Those that are outdated of objects of one kind, given as the state and as the cluster have them. */
function outdated(
  state: readonly pulumi.Output<ObjectMeta>[],
  cluster: readonly ObjectMeta[],
  kind: Kind = "service",
) {
  const registered = state.map(
    (metadata) => [kind, { metadata } as unknown as pulumi.CustomResource] as const,
  );
  const objects = cluster.map((metadata) => {
    const object: ObjectName = `${kind}/${metadata.name ?? ""}`;
    return { kind, object, metadata };
  });
  return outdatedObjects(registered, { objects: new Map([[kind, objects]]) }, "dev");
}

test("an object that the stack changed after the state was written is outdated; any other is not", async () => {
  const state = [meta("old", EARLY), meta("same", LATE), meta("just-applied", LATE), meta("new", LATE)];
  const cluster = [
    meta("old", LATE),
    meta("same", LATE),
    meta("just-applied", EARLY),
    meta("unlisted", LATE),
  ];
  expect(
    await outdated(
      state.map((one) => pulumi.output(one)),
      cluster,
    ),
  ).toEqual(["service/old"]);
});

test.each([
  ["another manager", { manager: "kubectl" }],
  ["a controller", { subresource: "status" }],
  ["an edit under the stack's name", { operation: "Update" }],
])("what %s changed later does not make an object outdated", async (_who, by) => {
  const live = meta("iris", EARLY);
  const { managedFields: edits = [] } = meta("iris", LATE, by);
  const cluster = { ...live, managedFields: [...edits, ...(live.managedFields ?? [])] };
  expect(await outdated([pulumi.output(live)], [cluster])).toEqual([]);
});

test("an object that a preview does not know yet, or that was refused, is not outdated", async () => {
  const unknown = { isKnown: Promise.resolve(false), promise: () => expect.fail() };
  const refused = { isKnown: Promise.reject(new Error("refused")), promise: () => expect.fail() };
  const state = [unknown, refused] as unknown as pulumi.Output<ObjectMeta>[];
  expect(await outdated(state, [meta("iris", LATE)])).toEqual([]);
});
