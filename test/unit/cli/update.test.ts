import type { EngineEvent } from "@pulumi/pulumi/automation";
import { describe, expect, test } from "vitest";
import { adviceOn, changeOf, listOf, problemOf } from "../../../cli/update";

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
  ])("tells of %s when it begins and when it is done", (op, doing, done) => {
    expect(changeOf(event({ resourcePreEvent: step(op) }))).toEqual({ done: false, text: doing });
    expect(changeOf(event({ resOutputsEvent: step(op) }))).toEqual({ done: true, text: done });
  });

  test.each(["same", "refresh", "read"])("is silent about %s, which changes nothing", (op) => {
    expect(changeOf(event({ resOutputsEvent: step(op) }))).toBeUndefined();
  });

  test("is silent about components and the stack, which are no objects of the cluster", () => {
    expect(
      changeOf(event({ resOutputsEvent: step("create", "modelfleet:serving:ModelService") })),
    ).toBeUndefined();
  });
});

describe("problemOf", () => {
  test("names the object, without Pulumi's colour marks", () => {
    const message = "<{%reset%}>image cannot be pulled\n<{%reset%}>";
    expect(
      problemOf(event({ diagnosticEvent: { severity: "error", message, urn, color: "never" } })),
    ).toEqual({ object: "Deployment iris", model: "iris", text: "image cannot be pulled" });
  });

  test.each([
    ["a warning", { severity: "warning", message: "deprecated" }],
    ["the sentence that follows every error", { severity: "error", message: "update failed" }],
  ])("is silent about %s", (_, diagnosticEvent) => {
    expect(problemOf(event({ diagnosticEvent }))).toBeUndefined();
  });
});

test("listOf says once what is wrong with many objects", () => {
  const text = "the cluster does not answer";
  const problems = [
    { text, object: "Service iris" },
    { text: "no such image" },
    { text, object: "Secret iris" },
  ];
  expect(listOf([...problems, ...problems])).toBe(
    "- Service iris, Secret iris: the cluster does not answer\n- no such image",
  );
});

test("adviceOn says where to look and what to do about models that do not start, and about nothing else", () => {
  const failed = (about: string) =>
    problemOf(event({ diagnosticEvent: { severity: "error", message: "timed out", urn: about } })) ?? {
      text: "",
    };
  const wine = failed(urn.replace("::iris", "::wine"));
  const iris = failed(urn);
  const other = failed("urn:pulumi:dev::modelfleet::kubernetes:core/v1:Namespace::models");
  expect(adviceOn([wine, other, iris, wine])).toBe(
    "\nMore: eval \"$(npm run --silent env)\" && kubectl describe pods --all-namespaces --selector 'app.kubernetes.io/name in (iris,wine)'" +
      "\nMend the model's settings or take it off the list, and run the same command again.",
  );
  expect(adviceOn([other])).toBe("");
});
