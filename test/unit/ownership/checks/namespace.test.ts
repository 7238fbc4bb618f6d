import { expect, test } from "vitest";
import { terminatingNamespace } from "../../../../ownership/checks/namespace";
import type { Plan } from "../../../../ownership/finding";
import type { NamespaceObject, Snapshot } from "../../../../ownership/snapshot";

const texts = (namespace: Snapshot["namespace"]) =>
  terminatingNamespace({ namespace: "models" } as Plan, { namespace } as Snapshot).map(({ text }) => text);

test("a namespace that is there, missing or unreadable is not being deleted", () => {
  for (const namespace of ["missing", "unreadable", { status: { phase: "Active" } }] as const)
    expect(texts(namespace)).toEqual([]);
});

test("a namespace that is being deleted is one sentence with all that holds it", () => {
  const namespace: NamespaceObject = {
    metadata: { deletionTimestamp: "2026-11-25T18:00:00Z", finalizers: ["example.com/hold"] },
    status: {
      phase: "Terminating",
      conditions: [
        { type: "NamespaceDeletionContentFailure", status: "False", message: "All content deleted" },
        {
          type: "NamespaceContentRemaining",
          status: "True",
          message: "Some resources are remaining: pods. has 1 resource instances",
        },
      ],
    },
  };
  expect(texts(namespace)).toEqual([
    'namespace "models": is being deleted since 2026-11-25T18:00:00Z (Some resources are remaining: pods. has 1 resource instances; it has the finalizer example.com/hold); remove that, or wait until it is gone, and run this again',
  ]);
});

test("a namespace that nothing holds is gone soon", () => {
  expect(texts({ status: { phase: "Terminating" } })).toEqual([
    'namespace "models": is being deleted; wait until it is gone, and run this again',
  ]);
});
