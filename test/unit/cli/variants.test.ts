import { expect, test } from "vitest";
import { modelsTable } from "../../../cli/list";
import { routeText } from "../../../cli/variants";

test("a list has a row per variant, the champion first", () => {
  const variants = {
    a: { image: "iris:1", replicas: 1, trafficPercent: 5 },
    b: { image: "iris:2", replicas: 2, trafficPercent: 95 },
  };
  const iris = { id: "iris", replicas: 2, image: "iris:2", url: "/models/iris", champion: "b", variants };
  expect(
    modelsTable([iris, { id: "wine", replicas: 1, image: "wine:1", url: "/models/wine" }]).split("\n"),
  ).toEqual([
    "MODEL   REPLICAS  IMAGE   URL",
    "iris/b  2         iris:2  /models/iris",
    "iris/a  1         iris:1  5 %",
    "wine    1         wine:1  /models/wine",
  ]);
});

test.each([
  [{ trafficPercent: 0 }, "no requests"],
  [{ trafficPercent: 0, mirrorPercent: 5 }, "copies of 5 %"],
  [{ trafficPercent: 0, headers: { a: "b" } }, "by header"],
])("a challenger with %j gets %s", (share, text) => {
  expect(routeText({ url: "/models/iris", isChampion: false, share })).toBe(text);
});
