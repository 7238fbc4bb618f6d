import { describe, expect, test } from "vitest";
import { leftovers } from "../../../../../cli/doctor/checks/leftovers";
import type { HeldLock } from "../../../../../cli/state-locks";
import { type ObjectMeta, PROTECTED } from "../../../../../fleet/owner";
import { api, factsWith, fails, found, objectsOf, STATE } from "../../../../support/doctor";
import { fleetOf } from "../../../../support/settings";

const [OLD, IRIS] = [found("service/old"), found("service/iris")];
const known = { ...STATE, objects: [{ kind: "service" as const, namespace: "models", name: "iris" }] };
const lock = (holder: HeldLock["holder"]): HeldLock => ({
  ...{ file: "x", pid: 1, hostname: "h", command: "", holder },
});
const withObjects = (...own: ReturnType<typeof found>[]) => ({
  objects: () => Promise.resolve(objectsOf(...own)),
});

test("objects that the state has, and versions of Secrets, are none", async () => {
  const facts = factsWith({
    ...withObjects(IRIS, found("secret/iris-env-0123456789", "models", "iris-env")),
    state: () => Promise.resolve(known),
  });
  expect(await leftovers.look(facts)).toEqual([]);
});

test("an object that the settings announce is for the next update, and --fix leaves it", async () => {
  expect(await leftovers.look(factsWith(withObjects(IRIS)))).toEqual([
    {
      problem: "1 object of the stack that its state does not know yet: service/iris",
      fix: "`pulumi up --stack prod`",
      objects: ["service/iris"],
    },
  ]);
});

test("an object that nothing announces is deleted by --fix, if it is as it was and the state still does not know it", async () => {
  const deleted: unknown[] = [];
  const answers = [
    { status: 200, body: {} },
    { status: 409, body: { message: "conflict" } },
  ];
  const replying = api({
    listMetadata: () => Promise.resolve({ status: 200, body: { items: [] } }),
    delete: (path, only) => {
      deleted.push([path, only]);
      return Promise.resolve(answers.shift() ?? { status: 500, body: {} });
    },
  });
  const later = found("service/later");
  const facts = factsWith({
    ...withObjects(OLD, found("deployment/old"), later),
    cluster: () => Promise.resolve({ api: replying, id: "a", version: undefined }),
    again: () =>
      factsWith({
        cluster: () => Promise.resolve({ api: replying, id: "a", version: undefined }),
        state: () =>
          Promise.resolve({ ...STATE, objects: [{ kind: "service", namespace: "models", name: "later" }] }),
      }),
  });
  const [finding, ...more] = await leftovers.look(facts);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    problem:
      "3 objects of the stack that neither its state nor its settings have: deployment/old, service/later, service/old",
    fix: "`kubectl delete --namespace models deployment/old service/later service/old`",
    mend: { does: "delete deployment/old, service/later, service/old" },
  });
  expect(await finding?.mend?.run()).toEqual([
    { isDone: true, text: "deleted deployment/old in namespace models" },
    { isDone: false, text: "left service/later in namespace models: the state knows it now" },
    {
      isDone: false,
      text: "left service/old in namespace models: somebody changed it meanwhile; run this again",
    },
  ]);
  expect(deleted).toEqual([
    ["/apis/apps/v1/namespaces/models/deployments/old", { uid: "old", resourceVersion: "1" }],
    ["/api/v1/namespaces/models/services/old", { uid: "old", resourceVersion: "1" }],
  ]);
});

describe("an object that has changed since it was read", () => {
  /** Deletes what was read in version 1, where the cluster has version 2. */
  async function mended(now: Partial<ObjectMeta>) {
    const versions: unknown[] = [];
    const replying = api({
      delete: (_path, only) => {
        versions.push(only?.resourceVersion);
        return Promise.resolve({ status: only?.resourceVersion === "2" ? 200 : 409, body: {} });
      },
      listMetadata: () =>
        Promise.resolve({
          status: 200,
          body: { items: [{ metadata: { ...OLD.metadata, resourceVersion: "2", ...now } }] },
        }),
    });
    const cluster = () => Promise.resolve({ api: replying, id: "a", version: undefined });
    const facts = factsWith({ ...withObjects(OLD), cluster, again: () => factsWith({ cluster }) });
    const [finding] = await leftovers.look(facts);
    return { mended: await finding?.mend?.run(), versions };
  }

  test("is deleted if it is its status, as controllers write it while pods end", async () => {
    const managedFields = [{ manager: "kube-controller-manager", subresource: "status", time: "now" }];
    const { mended: done, versions } = await mended({ managedFields });
    expect(done).toEqual([{ isDone: true, text: "deleted service/old in namespace models" }]);
    expect(versions).toEqual(["1", "2"]);
  });

  test.each<[string, Partial<ObjectMeta>]>([
    ["somebody wrote it", { managedFields: [{ manager: "kubectl-edit", time: "now" }] }],
    ["it is another one of its name", { uid: "new" }],
  ])("stays if %s", async (_why, now) => {
    const { mended: done, versions } = await mended(now);
    expect(done).toMatchObject([{ isDone: false }]);
    expect(versions).toEqual(["1"]);
  });
});

const old = found("deployment/old");
const guarded = {
  ...old,
  metadata: { ...old.metadata, annotations: { ...old.metadata.annotations, [PROTECTED]: "true" } },
};
const several = ["a", "b"].map((name) => found(`deployment/${name}`));

test.each([
  [
    "a lock is held",
    { ...withObjects(OLD), locks: () => Promise.resolve([lock("ended"), lock("running")]) },
    "an update may be running, since a lock is held",
  ],
  [
    "locks cannot be seen",
    { ...withObjects(OLD), locks: () => Promise.resolve(undefined) },
    "an update may be running: with this backend only Pulumi sees the lock",
  ],
  [
    "the state knows no update",
    { ...withObjects(OLD), state: () => Promise.resolve({ ...STATE, namespace: undefined }) },
    "the state knows no update, so it may be that of another backend (`pulumi whoami --verbose`)",
  ],
  ["a model is protected", withObjects(guarded), "a protected model is among them (catalog.<id>.protect)"],
  [
    "there are too many models",
    withObjects(...several),
    "more models than may go at once (maxDeletions); if that is meant, run it with MODELFLEET_MAX_DELETIONS=2",
  ],
])("--fix deletes nothing if %s", async (_why, answers, reason) => {
  const [finding] = await leftovers.look(factsWith(answers));
  expect(finding?.problem).toContain(
    `neither its state nor its settings have; they stay with --fix: ${reason}: `,
  );
  expect(finding?.mend).toBeUndefined();
});

test("MODELFLEET_MAX_DELETIONS allows more models once", async () => {
  const environment = { MODELFLEET_MAX_DELETIONS: "2" };
  const [finding] = await leftovers.look(factsWith({ ...withObjects(...several), environment }));
  expect(finding?.mend?.does).toBe("delete deployment/a, deployment/b");
});

test("with settings that do not load, nothing tells which objects are wanted", async () => {
  const broken = { settings: fails("wrong"), announced: fails("wrong") };
  expect(await leftovers.look(factsWith({ ...withObjects(OLD), ...broken }))).toEqual([
    {
      problem: "1 object of the stack that its state does not know: service/old",
      fix: "correct the settings, which tell whether they are wanted",
      objects: ["service/old"],
    },
  ]);
});

test("objects in other namespaces may be those of another stack with the same name", async () => {
  const elsewhere = withObjects(found("service/iris", "theirs"));
  expect(await leftovers.look(factsWith(elsewhere))).toEqual([
    {
      problem:
        "1 object of the stack that its state does not know, in other namespaces than its own (theirs): service/iris",
      fix: "if no other stack with the name prod made them: `kubectl delete --namespace theirs service/iris`",
      objects: ["service/iris"],
    },
  ]);
});

test("it says if only the fleet's own namespaces could be looked at", async () => {
  const objects = () => Promise.resolve({ ...objectsOf(), onlyIn: [fleetOf().namespace] });
  expect(await leftovers.look(factsWith({ objects }))).toEqual([
    {
      level: "note",
      problem:
        "leftover objects were looked for in namespace models only: the account may not list all namespaces",
    },
  ]);
});
