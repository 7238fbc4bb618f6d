import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { describe, expect, test } from "vitest";
import { lockedText } from "../../../cli/locked";
import { adviceOn, changeOf, listOf, updateErrorOf } from "../../../cli/update";

const urn = "urn:pulumi:dev::modelfleet::modelfleet:serving:ModelService$kubernetes:apps/v1:Deployment::iris";

function event(content: object): EngineEvent {
  return { sequence: 1, timestamp: 1, ...content };
}

function step(op: string, type = "kubernetes:apps/v1:Deployment") {
  return { metadata: { op, urn, type, provider: "" } };
}

describe("changeOf", () => {
  test.each([
    ["create", "creating Deployment iris", "created Deployment iris"],
    ["update", "updating Deployment iris", "updated Deployment iris"],
    ["delete", "deleting Deployment iris", "deleted Deployment iris"],
    ["create-replacement", "creating Deployment iris", "created Deployment iris"],
    ["delete-replaced", "deleting Deployment iris", "deleted Deployment iris"],
  ])("names the object of %s, when it begins and when it is done", (op, doing, done) => {
    expect(changeOf(event({ resourcePreEvent: step(op) }))).toEqual({ done: false, text: doing });
    expect(changeOf(event({ resOutputsEvent: step(op) }))).toEqual({ done: true, text: done });
  });

  test.each(["same", "refresh", "read"])("is undefined for %s, which changes nothing", (op) => {
    expect(changeOf(event({ resOutputsEvent: step(op) }))).toBeUndefined();
  });

  test("is undefined for components and the stack, which are not objects of the cluster", () => {
    expect(
      changeOf(event({ resOutputsEvent: step("create", "modelfleet:serving:ModelService") })),
    ).toBeUndefined();
  });
});

describe("updateErrorOf", () => {
  test("has the object, the model and the message without Pulumi's colour marks", () => {
    const message = "<{%reset%}>image cannot be pulled\n<{%reset%}>";
    expect(
      updateErrorOf(event({ diagnosticEvent: { severity: "error", message, urn, color: "never" } })),
    ).toEqual({ object: "Deployment iris", model: "iris", text: "image cannot be pulled" });
  });

  test.each([
    ["a warning", { severity: "warning", message: "deprecated" }],
    ["the sentence that follows every error", { severity: "error", message: "update failed" }],
  ])("is undefined for %s", (_, diagnosticEvent) => {
    expect(updateErrorOf(event({ diagnosticEvent }))).toBeUndefined();
  });
});

describe("lockedText", () => {
  const said = (host: string, pid: number) =>
    lockedText(
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file " +
        `with \`pulumi cancel\`.\n  file:///state/a.json: created by ann@${host} (pid ${pid}) at 2026-01-01T09:00:00Z`,
      { stack: "prod" },
    );
  const ended = () => spawnSync("true").pid;

  test("says of a process of this machine that has ended that it was killed, and what to do", () => {
    const pid = ended();
    expect(said(hostname(), pid)).toBe(
      `the last update of stack prod, by ann@${hostname()} (pid ${pid}) since 2026-01-01T09:00:00Z, was killed and left its ` +
        "lock: run `npx modelfleet doctor --fix --stack prod`, then `pulumi up --stack prod`",
    );
  });

  test.each([
    ["a process that runs", hostname(), process.pid],
    ["a process of another machine", "laptop", ended()],
  ])("says of %s that it updates the stack", (_who, host, pid) => {
    expect(said(host, pid)).toBe(
      `another update of stack prod is running, by ann@${host} (pid ${pid}) since 2026-01-01T09:00:00Z: run the same ` +
        "command again after it; if it was killed: pulumi cancel --stack prod",
    );
  });

  test("does without a holder, as of a service's lock", () => {
    expect(lockedText("[409] Conflict: Another update is currently in progress.", { stack: "prod" })).toBe(
      "another update of stack prod is running: run the same command again after it; if it was killed: pulumi cancel --stack prod",
    );
  });
});

test("listOf has an error of many objects once, with their names", () => {
  const text = "the cluster does not answer";
  const errors = [
    { text, object: "Service iris" },
    { text: "no such image" },
    { text, object: "Secret iris" },
  ];
  expect(listOf([...errors, ...errors])).toBe(
    "- Service iris, Secret iris: the cluster does not answer\n- no such image",
  );
});

test("an error of a variant names its model, whose label the pods have", () => {
  const text = { severity: "error", message: "image cannot be pulled" } as const;
  expect(updateErrorOf(event({ diagnosticEvent: { ...text, urn: `${urn}/b` } }))).toMatchObject({
    object: "Deployment iris/b",
    model: "iris",
  });
});

test("adviceOn says where to look and what to do about models that do not start, and is empty for other errors", () => {
  const failed = (about: string) =>
    updateErrorOf(event({ diagnosticEvent: { severity: "error", message: "timed out", urn: about } })) ?? {
      text: "",
    };
  const wine = failed(urn.replace("::iris", "::wine"));
  const iris = failed(urn);
  const other = failed("urn:pulumi:dev::modelfleet::kubernetes:core/v1:Namespace::models");
  const command = "kubectl describe pods --all-namespaces --selector 'app.kubernetes.io/name in (iris,wine)'";
  const fix = "Fix the model's settings or remove it from the list, and run the same command again.";
  expect(adviceOn([wine, other, iris, wine])).toBe(`\nMore: ${command}\n${fix}`);
  expect(adviceOn([wine, iris], "set-up")).toBe(`\nMore: set-up && ${command}\n${fix}`);
  expect(adviceOn([other])).toBe("");
});
