import { expect, test } from "vitest";
import type { ObjectName } from "../../../fleet/objects";
import { fieldManager, type ManagedFields, type ObjectMeta } from "../../../fleet/owner";
import {
  LastApply,
  newerThan,
  outdatedObjects,
  outdatedOnes,
  outdatedText,
} from "../../../ownership/outdated";

const [EARLY, LATE] = ["2026-01-01T09:59:59Z", "2026-01-01T10:00:00Z"];

const SCOPE = { namespace: "models", stack: "dev" };

/** A Service whose fields were set at this time. @param by The manager. @default the stack, by its apply */
const meta = (name: string, time: string, by: Partial<ManagedFields> = {}): ObjectMeta => ({
  ...{ name, namespace: "models" },
  managedFields: [{ manager: fieldManager("dev"), operation: "Apply", time, ...by }],
});

/** The outdated ones of the Services that the state and the cluster have. */
function outdated(state: readonly ObjectMeta[], cluster: readonly ObjectMeta[]): string[] {
  const existing = cluster.map((metadata) => {
    const object: ObjectName = `service/${metadata.name ?? ""}`;
    return { kind: "service" as const, object, metadata };
  });
  const objects = new Map(state.map((one) => [`service/models/${one.name ?? ""}`, one]));
  return [...outdatedObjects(existing, objects, SCOPE)];
}

test("an object that the stack changed after its state was written is outdated; any other is not", () => {
  const state = [meta("changed", EARLY), meta("same", LATE), meta("restored", LATE), meta("lost", LATE)];
  const cluster = [meta("changed", LATE), meta("same", LATE), meta("restored", EARLY), meta("new", LATE)];
  expect(outdated(state, cluster)).toEqual(["service/changed"]);
});

test.each([
  ["another manager", { manager: "kubectl" }],
  ["a controller", { subresource: "status" }],
  ["an edit under the stack's name", { operation: "Update" }],
])("what %s changed later does not make an object outdated", (_who, by) => {
  const live = meta("iris", EARLY);
  const { managedFields: edits = [] } = meta("iris", LATE, by);
  const cluster = { ...live, managedFields: [...edits, ...(live.managedFields ?? [])] };
  expect(outdated([live], [cluster])).toEqual([]);
});

test("the state is read only if an object is newer than the last complete update, or if there was none", async () => {
  const existing = [{ kind: "service" as const, object: "service/a" as const, metadata: meta("a", LATE) }];
  const reads: string[] = [];
  const objects = async () => {
    reads.push("the state");
    return Promise.resolve(new Map([["service/models/a", meta("a", EARLY)]]));
  };
  const applied = { fleet: "", shared: "", models: {} };
  expect(await outdatedOnes(existing, { applied: { ...applied, at: LATE }, objects }, SCOPE)).toEqual(
    new Set(),
  );
  expect(await outdatedOnes([], { objects }, SCOPE)).toEqual(new Set());
  expect(reads).toEqual([]);
  for (const last of [{ applied: { ...applied, at: EARLY } }, { applied }, {}])
    expect(await outdatedOnes(existing, { ...last, objects }, SCOPE)).toEqual(new Set(["service/a"]));
  expect(reads).toHaveLength(3);
});

test("what the stack changed after a moment is newer; what it never changed is not", () => {
  const existing = [meta("a", EARLY), meta("b", LATE), { name: "c" }].map((metadata) => {
    return { kind: "service" as const, object: `service/${metadata.name ?? ""}` as const, metadata };
  });
  const newer = (at?: string) => newerThan(existing, at, "dev").map(({ object }) => object);
  expect(newer(LATE)).toEqual([]);
  expect(newer(EARLY)).toEqual(["service/b"]);
  expect(newer()).toEqual(["service/a", "service/b"]);
});

test("the last apply is the latest of all that are seen, and of what was known before", () => {
  const last = new LastApply("dev", undefined);
  expect(last.time).toBeUndefined();
  for (const time of [EARLY, LATE, EARLY]) last.see(meta("a", time));
  last.see(meta("b", "2027-01-01T00:00:00Z", { manager: "kubectl" }));
  expect(last.time).toBe(LATE);
  const later = new LastApply("dev", LATE);
  later.see(meta("a", EARLY));
  expect(later.time).toBe(LATE);
});

test("nothing is outdated if the state cannot be read, or has no times", () => {
  const existing = [{ kind: "service" as const, object: "service/a" as const, metadata: meta("a", LATE) }];
  expect(outdatedObjects(existing, new Map(), SCOPE)).toEqual(new Set());
  expect(outdated([{ name: "a", namespace: "models" }], [meta("a", LATE)])).toEqual([]);
});

test("a warning names ten of them", () => {
  const names = Array.from({ length: 12 }, (_, index): ObjectName => `service/m${index}`);
  expect(outdatedText(new Set(names))).toBe(
    "12 objects are newer in the cluster than in the stack's state, since an update was killed or lost its connection; the " +
      "update applies the settings again: service/m0, service/m1, service/m10, service/m11, service/m2, service/m3, " +
      "service/m4, service/m5, service/m6, service/m7 and 2 more",
  );
  expect(outdatedText(new Set(["service/a"]))).toMatch(/^1 object is newer .*: service\/a$/);
});
