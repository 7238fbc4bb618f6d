import { expect, test } from "vitest";
import { predictionCommand, shortestPrediction } from "../../../../dev/start/prediction";

test("predictionCommand sends the model its sample in one line", () => {
  const sample = { inputs: [{ name: "input", data: [5.1, 2.5] }] };
  expect(predictionCommand("iris", "http://127.0.0.1:80/models/iris", sample)).toBe(
    `curl -s http://127.0.0.1:80/models/iris/v2/models/iris/infer -d '{"inputs":[{"name":"input","data":[5.1,2.5]}]}'`,
  );
});

test("shortestPrediction chooses among the models that have a sample", async () => {
  const urls = { iris: "http://h/iris", wine: "http://h/wine", own: "http://h/own" };
  expect(await shortestPrediction(["wine", "own", "iris"], urls)).toMatch(/^curl -s http:\/\/h\/iris\/v2\//);
  expect(await shortestPrediction(["own"], urls)).toBeUndefined();
});
