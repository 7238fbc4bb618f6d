import { expect, test } from "vitest";
import { lost } from "../../../../../cli/doctor/checks/lost";
import { pending } from "../../../../../cli/doctor/checks/pending";
import { factsWith, found, objectsOf, STATE } from "../../../../support/doctor";

test("objects of the state that the cluster lacks are lost, also when another team has the name elsewhere", async () => {
  const names = ["iris", "wine"].map((name) => ({ kind: "service" as const, namespace: "models", name }));
  const facts = factsWith({
    state: () => Promise.resolve({ ...STATE, objects: names }),
    objects: () => Promise.resolve(objectsOf(found("service/iris"), found("service/wine", "theirs"))),
  });
  expect(await lost.look(facts)).toEqual([
    {
      problem: "the cluster lost 1 object of the last update: service/wine",
      fix: "`pulumi up --refresh --stack prod`",
      objects: ["service/wine"],
    },
  ]);
});

test("pending operations of a killed update are named", async () => {
  const state = { ...STATE, pending: ["creating Service iris", "updating Secret iris"] };
  expect(await pending.look(factsWith({ state: () => Promise.resolve(state) }))).toEqual([
    {
      problem:
        "a killed update left 2 pending operations in the state: creating Service iris, updating Secret iris",
      fix: "`pulumi refresh --clear-pending-creates --yes --stack prod`, then `pulumi up --stack prod`",
    },
  ]);
  expect(await pending.look(factsWith())).toEqual([]);
});
