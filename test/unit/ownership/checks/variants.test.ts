import { expect, test } from "vitest";
import { unreadyVariants } from "../../../../ownership/checks/variants";
import type { PlannedModel } from "../../../../ownership/finding";
import type { LastModel } from "../../../../ownership/last-update";

const READY = { ready: 1, wanted: 2 };
const BROKEN = { ready: 0, wanted: 2 };
const PAUSED = { ready: 0, wanted: 0 };

/** What is found if the model `iris` is to be like this, was like that, and has these pods. */
function found(
  model: Omit<PlannedModel, "id" | "path">,
  last: LastModel | undefined,
  pods: Record<string, object>,
): string[] {
  const models = [{ id: "iris", path: "/models/iris", ...model }];
  const readiness = new Map(Object.entries(pods)) as Parameters<typeof unreadyVariants>[1]["readiness"];
  return unreadyVariants({ models }, { readiness, last: { ...(last && { models: { iris: last } }) } }).map(
    ({ text }) => text,
  );
}

const LAST = { variants: { default: { trafficPercent: 100 }, b: { trafficPercent: 0 } } };
const PROMOTED = { variant: "b", challengers: [{ variant: "default", weight: 0 }] };
const LINE =
  'model "iris", variant "b": would get requests, and has no ready pod (0 of 2); wait until it has one, or correct it in an update before: `npx modelfleet status iris` says why';

test("no requests go to a variant without a ready pod while another one answers them", () => {
  expect(found(PROMOTED, LAST, { iris: READY, "iris-b": BROKEN })).toEqual([LINE]);
  const shares = [{ weight: 5 }, { headers: { a: "b" } }];
  for (const share of shares)
    expect(
      found({ challengers: [{ variant: "b", ...share }] }, LAST, { iris: READY, "iris-b": BROKEN }),
    ).toEqual([LINE]);
  expect(found(PROMOTED, {}, { iris: READY, "iris-b": BROKEN })).toEqual([LINE]);
});

test.each<[string, Parameters<typeof found>]>([
  ["is ready", [PROMOTED, LAST, { iris: READY, "iris-b": READY }]],
  ["is new", [PROMOTED, LAST, { iris: READY }]],
  ["starts from 0 replicas", [PROMOTED, LAST, { iris: READY, "iris-b": PAUSED }]],
  ["is no worse than the one before", [PROMOTED, LAST, { iris: BROKEN, "iris-b": BROKEN }]],
  [
    "got requests before",
    [PROMOTED, { variants: { b: { trafficPercent: 1 } } }, { iris: READY, "iris-b": BROKEN }],
  ],
  ["is of a new model", [PROMOTED, undefined, { iris: READY, "iris-b": BROKEN }]],
])("a variant may get requests that %s", (_what, args) => {
  expect(found(...args)).toEqual([]);
});
