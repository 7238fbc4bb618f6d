import { expect, test } from "vitest";
import type { FleetStatus, ShownModel } from "../../../../cli/status/fleet-status";
import { ageOf, statusLines } from "../../../../cli/status/text";
import { nextText } from "../../../../cli/status/watch";

const NOW = Date.parse("2026-01-02T00:00:00Z");
const LOOK = { now: NOW, isColoured: false };

const IRIS: ShownModel = {
  ...{
    id: "iris",
    state: "ready",
    ready: 2,
    replicas: 2,
    image: "iris:1",
    url: "/models/iris",
    routed: true,
  },
  ...{ created: "2026-01-01T00:00:00Z", rolledOut: "2026-01-01T23:59:00Z", inLastUpdate: true, problems: [] },
};
const WINE: ShownModel = {
  ...{ ...IRIS, id: "wine", state: "missing", ready: 0, created: null, rolledOut: null, routed: false },
  problems: [{ problem: 'model "wine" is missing', fix: "`pulumi up --refresh` creates it again" }],
};
const FLEET: FleetStatus = { stack: "prod", namespace: "models", models: [IRIS, WINE], problems: [] };

const ROWS = [
  "MODEL  READY        IMAGE   AGE  SINCE  ROUTE",
  "iris   2/2          iris:1  24h  60s    /models/iris",
  "wine   0/2 missing  iris:1  -    -      /models/iris (not routed)",
];
const SENTENCE = 'model "wine" is missing; fix: `pulumi up --refresh` creates it again';

test("a status is a table, and a sentence for each problem below it", () => {
  expect(statusLines(FLEET, LOOK)).toEqual([...ROWS, "", SENTENCE]);
});

test("variants have a row each, with what they get of the requests", () => {
  const champion = { ...IRIS, variant: "a", champion: true, share: { trafficPercent: 90 } };
  const share = { trafficPercent: 10, headers: { "x-variant": "b" } };
  const models = [champion, { ...IRIS, variant: "b", champion: false, share }];
  expect(statusLines({ ...FLEET, models }, LOOK)).toEqual([
    "MODEL   READY  IMAGE   AGE  SINCE  ROUTE",
    "iris/a  2/2    iris:1  24h  60s    /models/iris",
    "iris/b  2/2    iris:1  24h  60s    10 %, by header",
  ]);
});

test("a fleet in which all is right is a table alone, models without pods included", () => {
  const paused = { ...IRIS, state: "paused", ready: 0, replicas: 0 } as const;
  const scaled = { ...paused, id: "wine", state: "scaled-to-zero" } as const;
  expect(statusLines({ ...FLEET, models: [paused, scaled] }, LOOK)).toEqual([
    "MODEL  READY               IMAGE   AGE  SINCE  ROUTE",
    "iris   0/0 paused          iris:1  24h  60s    /models/iris",
    "wine   0/0 scaled to zero  iris:1  24h  60s    /models/iris",
  ]);
});

test("one model has its pods and the end of a log too", () => {
  const pod = { name: "iris-1", ready: false, restarts: 3, created: "2026-01-01T23:50:00Z", node: null };
  const problems = [{ problem: "it ended", fix: "correct it", log: ["no file", "bye"] }];
  expect(statusLines({ ...FLEET, models: [{ ...IRIS, problems, pods: [pod] }] }, LOOK).slice(2)).toEqual([
    "",
    "POD     READY  RESTARTS  AGE  NODE",
    "iris-1  no     3         10m  -",
    "",
    "it ended; fix: correct it",
    "  the end of its log:",
    "    no file",
    "    bye",
  ]);
});

test("a model with a problem is coloured on a terminal, and the columns stay", () => {
  const [head, iris, wine] = statusLines(FLEET, { ...LOOK, isColoured: true });
  expect([head, iris]).toEqual(ROWS.slice(0, 2));
  expect(wine).toBe(`\u001b[33m${ROWS[2]}\u001b[39m`);
});

test.each([
  ["2026-01-01T23:58:01Z", "119s"],
  ["2026-01-01T23:58:00Z", "2m"],
  ["2026-01-01T22:00:00Z", "2h"],
  ["2025-12-31T00:00:00Z", "2d"],
  ["2026-01-02T00:00:05Z", "0s"],
  [null, ""],
])("the age of %j is %j", (time, age) => {
  expect(ageOf(time, NOW)).toBe(age);
});

const look = { ...LOOK, isTerminal: false, json: false };
const READY = { ...IRIS, id: "wine" };

test.each<[string, FleetStatus | undefined, FleetStatus, string[]]>([
  ["at first, all", undefined, FLEET, [...ROWS, "", SENTENCE]],
  ["nothing if nothing changed", FLEET, { ...FLEET }, []],
  [
    "the row of a model that changed, and its problems",
    { ...FLEET, models: [IRIS, READY] },
    FLEET,
    [ROWS[2] ?? "", SENTENCE],
  ],
  ["a line about a model that is gone", FLEET, { ...FLEET, models: [IRIS] }, ["wine is gone"]],
  [
    "a new problem of the default backend",
    FLEET,
    { ...FLEET, problems: [{ problem: "no backend", fix: "add it" }] },
    ["no backend; fix: add it"],
  ],
])("without a terminal, watching prints %s", (_what, last, next, lines) => {
  expect(nextText(last, next, look)).toBe(lines.map((line) => `${line}\n`).join(""));
});

test("watching prints a line of JSON per change, and rewrites a terminal also for new ages", () => {
  expect(nextText(undefined, FLEET, { ...look, json: true })).toBe(`${JSON.stringify(FLEET)}\n`);
  expect(nextText(FLEET, { ...FLEET }, { ...look, json: true })).toBe("");
  const text = nextText(FLEET, { ...FLEET }, { ...look, isTerminal: true });
  expect(text).toBe(`\u001b[H\u001b[J${[...ROWS, "", SENTENCE].join("\n")}\n`);
});
