import { describe, expect, test } from "vitest";
import { anotherCluster } from "../../../../ownership/checks/cluster";
import type { LastUpdate } from "../../../../ownership/last-update";
import type { Snapshot } from "../../../../ownership/snapshot";

const [A, B] = ["7d3a5f0e-1c2b-4d6e-8f90-a1b2c3d4e5f6", "0e7d3a5f-1c2b-4d6e-8f90-a1b2c3d4e5f6"];
const SERVER = "https://b.example";

const texts = (named: string | undefined, last: LastUpdate, now: string | undefined = B) =>
  anotherCluster({ clusterId: named }, { clusterId: now, last, server: SERVER }).map(({ text }) => text);

describe("the cluster", () => {
  test.each<[string, string | undefined, LastUpdate]>([
    ["at the first update", undefined, {}],
    ["if it is that of the last update", undefined, { clusterId: B }],
    ["if the settings name it", B, { clusterId: A }],
    ["if the settings name any", "any", { clusterId: A }],
  ])("is accepted %s", (_when, named, last) => {
    expect(texts(named, last)).toEqual([]);
  });

  test("is accepted if the account may not read its ID", () => {
    expect(anotherCluster({ clusterId: A }, { last: {}, server: SERVER } as unknown as Snapshot)).toEqual([]);
  });

  test("is an error with the way to mean it if it is another one than at the last update", () => {
    expect(texts(undefined, { clusterId: A })).toEqual([
      `clusterId: the cluster at ${SERVER} is ${B}, and the last update of this stack went to the cluster ${A}; choose that cluster (kubernetes:context), or, if the fleet is to be in this one, \`pulumi config set clusterId ${B}\` and \`pulumi up --refresh\``,
    ]);
  });

  test("is an error if it is another one than the settings name, whatever the last update says", () => {
    expect(texts(A, { clusterId: B })).toEqual([
      expect.stringContaining(`is ${B}, and the setting has ${A}; choose that cluster`),
    ]);
  });
});
