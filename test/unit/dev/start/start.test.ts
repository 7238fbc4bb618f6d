import { expect, test } from "vitest";
import { modelsTable } from "../../../../dev/start/start";

test("modelsTable has the ready replicas and the URL of each model", () => {
  const states = new Map([
    ["iris", { ready: 1, replicas: 1 }],
    ["churn-risk", { ready: 0, replicas: 10 }],
  ]);
  const urls = { iris: "http://127.0.0.1:80/models/iris" };
  expect(modelsTable(["iris", "churn-risk", "gone"], states, urls)).toBe(
    [
      "MODEL       READY  URL",
      "iris        1/1    http://127.0.0.1:80/models/iris",
      "churn-risk  0/10   -",
      "gone        0/0    -",
    ].join("\n"),
  );
});
