import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { predictionCommand, shellQuote, table } from "../../../dev/summary";

describe("table", () => {
  test("lines the columns up", () => {
    const iris = { id: "iris", ready: 1, replicas: 1, url: "http://127.0.0.1:80/models/iris" };
    const churn = { id: "churn-risk", ready: 0, replicas: 10, url: undefined };
    expect(table([iris, churn])).toBe(
      [
        "MODEL       READY  URL",
        "iris        1/1    http://127.0.0.1:80/models/iris",
        "churn-risk  0/10   -",
      ].join("\n"),
    );
  });

  test("shows its headings when there is no model", () => {
    expect(table([])).toBe("MODEL  READY  URL");
  });
});

test("predictionCommand asks the model with its sample in one line", () => {
  const sample = { inputs: [{ name: "input", data: [5.1, 2.5] }] };
  expect(predictionCommand("iris", "http://127.0.0.1:80/models/iris", sample)).toBe(
    `curl -s http://127.0.0.1:80/models/iris/v2/models/iris/infer -d '{"inputs":[{"name":"input","data":[5.1,2.5]}]}'`,
  );
});

describe("shellQuote", () => {
  test.each(["plain", "/a/b-c_d.e:f=g", "", "two words", "it's", '$HOME `id` "x" \\ *', "two\nlines"])(
    "keeps %j as one word",
    (value) => {
      expect(execFileSync("sh", ["-c", `printf %s ${shellQuote(value)}`], { encoding: "utf8" })).toBe(value);
    },
  );

  test("leaves a word that needs none without quotes", () => {
    expect(shellQuote("file:///a/b")).toBe("file:///a/b");
  });
});
