import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readAnswer, readTargeted, requestTargeted } from "../../../config/targeted";
import { UserError } from "../../../lib/user-error";

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-targeted-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "request.json");
}

test("without the variable, or with an empty one, the whole fleet is updated", () => {
  expect([undefined, ""].map(readTargeted)).toEqual([undefined, undefined]);
});

test("the program gets the models of the request, and its answers reach the command", () => {
  const path = place();
  requestTargeted(path, ["iris", "wine"]);
  const targeted = readTargeted(path);
  expect([...(targeted?.models ?? [])]).toEqual(["iris", "wine"]);
  expect(readAnswer(path)).toEqual({});
  targeted?.finish({ urls: { iris: "http://a" } });
  expect(readAnswer(path)).toEqual({ outputs: { urls: { iris: "http://a" } } });
  expect(targeted?.refuse({ why: "it rains", changed: ["churn"] })).toEqual(
    new UserError("this update must be one of the whole fleet: it rains"),
  );
  expect(readAnswer(path)).toEqual({ refused: "it rains", changed: ["churn"] });
});

test("the variable left over in a shell is an error: Pulumi would delete what the program does not register", () => {
  expect(() => readTargeted(place())).toThrow(
    /there is no request at .*; only `modelfleet` sets this variable/,
  );
});
