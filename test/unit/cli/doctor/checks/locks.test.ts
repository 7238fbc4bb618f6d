import { expect, test } from "vitest";
import { locks } from "../../../../../cli/doctor/checks/locks";
import type { HeldLock } from "../../../../../cli/state-locks";
import { factsWith } from "../../../../support/doctor";

const SINCE = "2026-01-01T00:00:00Z";
const findings = (holder: HeldLock["holder"], command = "") =>
  locks.look(
    factsWith({
      locks: () =>
        Promise.resolve([
          {
            file: "/nowhere",
            pid: 42,
            hostname: "laptop",
            username: "ann",
            timestamp: SINCE,
            holder,
            command,
          },
        ]),
    }),
  );
const LOCKED = `stack prod is locked by ann on laptop (process 42) since ${SINCE}`;
const CANCEL = "`pulumi cancel --stack prod`, then `pulumi up --stack prod`";

test("a lock whose process has ended is a problem that --fix mends; one that is gone since is no failure", async () => {
  const [finding] = await findings("ended");
  expect(finding).toMatchObject({ problem: `${LOCKED}, which has ended`, fix: CANCEL });
  expect(finding?.mend?.does).toBe("remove the lock of process 42");
  expect(await finding?.mend?.run()).toEqual([
    {
      isDone: true,
      text: "removed the lock of process 42; `pulumi up --stack prod` completes or undoes its update",
    },
  ]);
});

test("a lock whose process ID another program has is left to pulumi cancel", async () => {
  const problem = `${LOCKED}, which is another program now (nginx)`;
  expect(await findings("replaced", "nginx")).toEqual([{ problem, fix: CANCEL }]);
});

test("an update that runs here, or that may run elsewhere, is no problem", async () => {
  expect(await findings("running", "pulumi up")).toEqual([
    { level: "note", problem: `${LOCKED}: pulumi up runs` },
  ]);
  expect(await findings("elsewhere")).toEqual([
    {
      level: "note",
      problem: `${LOCKED}, which cannot be seen from here; if no update runs there: ${CANCEL}`,
    },
  ]);
});

test("it says if the backend shows no locks", async () => {
  const hidden = { locks: () => Promise.resolve(undefined), backend: () => Promise.resolve("s3://bucket") };
  expect(await locks.look(factsWith(hidden))).toEqual([
    {
      level: "note",
      problem: "locks of the backend s3://bucket cannot be seen from here; `pulumi up` names the holder",
    },
  ]);
});
