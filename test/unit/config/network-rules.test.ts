import { describe, expect, test } from "vitest";
import { fleetOf, problems, withImage } from "../../support/settings";

const found = (networkPolicy: unknown, iris: object = {}) =>
  problems(withImage({ models: "iris,wine", networkPolicy, catalog: { iris } }));
const FROM = [{ namespace: "traefik" }];

describe("a network policy", () => {
  test("lets somebody in", () => {
    expect(found({})).toEqual([
      "networkPolicy.from: is empty, so that no request would reach a model; " +
        "name the namespace in which the pods of the ingress controller or of the Gateway run, such as [{namespace: traefik}]",
    ]);
  });

  test("may be off, with what it lists and what models add to it", () => {
    expect(found({ enabled: false }, { network: { from: FROM } })).toEqual([]);
    const fleet = fleetOf({
      networkPolicy: { enabled: false },
      catalog: { iris: { network: { from: FROM }, champion: "a", variants: { a: {}, b: {} } } },
    });
    expect(fleet.models.map(({ network, challengers }) => [network, challengers[0]?.network])).toEqual([
      [undefined, undefined],
    ]);
  });

  test("lets a model load its files from the internet, if it does", () => {
    const at = (storageUri: string) => {
      const iris = { storageUri, network: { to: [{ namespace: "a" }] } };
      return fleetOf({ networkPolicy: { from: FROM }, catalog: { iris } }).models[0]?.network?.to;
    };
    const internet = { cidr: "0.0.0.0/0", ports: [443] };
    expect(at("s3://bucket/iris")).toMatchObject([{ namespace: "a" }, internet]);
    expect(at("pvc://claim/iris")).toEqual([{ namespace: "a" }]);
  });

  test("must be there for what a model adds to it", () => {
    expect(found(undefined, { network: { from: FROM } })).toEqual([
      "catalog.iris.network: has no effect without networkPolicy; set networkPolicy.from, or remove it",
    ]);
  });

  test("names models of the fleet", () => {
    expect(
      found(
        { from: FROM, to: [{ model: "wien" }] },
        { network: { to: [{ model: "wine" }, { model: "x" }] } },
      ),
    ).toEqual([
      'networkPolicy.to[0].model: "wien" is no active model; did you mean "wine"?',
      'catalog.iris.network.to[1].model: "x" is no active model; name a model of the list',
    ]);
  });
});

test.each<[string, object, string]>([
  ["two things at once", { namespace: "a", cidr: "10.0.0.0/8" }, " names no one"],
  ["nothing", {}, " names no one"],
  ["an exception from nothing", { namespace: "a", except: ["10.0.0.0/8"] }, ".except[0]: "],
  ["an exception outside", { cidr: "10.0.0.0/8", except: ["11.0.0.0/9"] }, ".except[0]: "],
  ["a name as a range", { cidr: "example.com" }, ".cidr: "],
  ["ports of requests to models", { namespace: "a", ports: [80] }, ".ports: unknown key"],
])("a source is not %s", (_what, one, text) => {
  const [problem = "", ...others] = found({ from: [one] });
  expect(others).toEqual([]);
  expect(problem.startsWith("networkPolicy.from[0]")).toBe(true);
  expect(problem).toContain(text);
});

test("labels of pods may be those that the fleet sets on its own", () => {
  expect(found({ from: [{ podLabels: { "app.kubernetes.io/name": "traefik" } }] })).toEqual([]);
});
