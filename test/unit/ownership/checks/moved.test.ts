import { describe, expect, test } from "vitest";
import { applyAnnotations, ownerLabels } from "../../../../fleet/owner";
import { movedHost, movedPaths } from "../../../../ownership/checks/moved";
import type { Plan } from "../../../../ownership/finding";
import type { Snapshot } from "../../../../ownership/snapshot";

const OWN = { labels: ownerLabels("dev"), annotations: applyAnnotations("dev") };

/** A model that will have these paths, its own first. */
const model = (id: string, path: string, ...aliases: string[]) => ({ id, path, aliases });

const MODELS = [model("iris", "/models/iris")];

/** What the fleet answers today, by an Ingress or by an HTTPRoute. */
function today(urls: Record<string, string>, paths: string[], hosts: (string | undefined)[] = [undefined]) {
  const metadata = { name: "modelfleet", namespace: "models", ...OWN };
  const http = { paths: paths.map((path) => ({ path, pathType: "Prefix" })) };
  const rules = hosts.map((host) => ({ ...(host !== undefined && { host }), http }));
  const matches = paths.map((value) => ({ path: { value } }));
  return [
    { ingresses: [{ metadata, spec: { rules } }], httpRoutes: [] },
    {
      ingresses: [],
      httpRoutes: [
        { metadata, spec: { hostnames: hosts.flatMap((host) => host ?? []), rules: [{ matches }] } },
      ],
    },
  ].map((routes) => ({ last: { urls }, ...routes }) as unknown as Snapshot);
}

function texts(check: typeof movedPaths, snapshots: Snapshot[], plan: object): string[][] {
  const fleet = { namespace: "models", stack: "dev", models: [], routing: {}, ...plan } as unknown as Plan;
  return snapshots.map((snapshot) => check(fleet, snapshot).map(({ text }) => text));
}

const twice = (lines: string[]) => [lines, lines];

describe("a path that changes", () => {
  const IRIS = { iris: "https://a.example/base/models/iris" };

  test("is refused unless something answers the former one", () => {
    const now = today(IRIS, ["/models/iris"]);
    const moves = (...models: object[]) => texts(movedPaths, now, { models });
    expect(moves(model("iris", "/flowers"))).toEqual(
      twice([
        "catalog.iris.path: changes from /models/iris to /flowers, and requests to the former path would fail; " +
          "keep it until no client uses it: `pulumi config set --path 'catalog.iris.aliases[0]' /models/iris` (as a further one, if there are some)",
      ]),
    );
    expect(moves(model("iris", "/flowers", "/models/iris"))).toEqual(twice([]));
    expect(moves(model("iris", "/flowers"), model("wine", "/models/iris"))).toEqual(twice([]));
    expect(moves(model("iris", "/models/iris"))).toEqual(twice([]));
  });

  test("is one problem for a whole prefix", () => {
    const urls = { ...IRIS, wine: "https://a.example/base/models/wine" };
    const now = today(urls, ["/models/iris", "/models/wine"]);
    const models = [model("iris", "/v2/iris"), model("wine", "/v2/wine")];
    expect(texts(movedPaths, now, { models })).toEqual(
      twice([
        "routing.pathPrefix: the paths of 2 models change, and requests to the former ones, such as /models/iris, would fail; " +
          "keep them until no client uses them: `pulumi config set --path 'routing.formerPathPrefixes[0]' /models` (as a further one, if there are some)",
      ]),
    );
  });

  test("is no matter if it was an alias, if its model goes, or before the first update", () => {
    const now = today(IRIS, ["/models/iris", "/old"]);
    expect(texts(movedPaths, now, { models: [model("iris", "/models/iris")] })).toEqual(twice([]));
    expect(texts(movedPaths, now, { models: [] })).toEqual(twice([]));
    const first = today({}, ["/models/iris"]);
    expect(texts(movedPaths, first, { models: [model("iris", "/flowers")] })).toEqual(twice([]));
  });
});

describe("a host that changes", () => {
  const URLS = { iris: "http://a.example/models/iris" };
  const changed = (hosts: (string | undefined)[], routing: object) =>
    texts(movedHost, today(URLS, ["/models/iris"], hosts), { routing, models: MODELS });

  test("is refused unless the former one stays", () => {
    expect(changed(["a.example"], { host: "b.example" })).toEqual(
      twice([
        "routing.host: changes from a.example to b.example, and requests to the former host would fail; " +
          "keep it until no client uses it: `pulumi config set --path 'routing.additionalHosts[0]' a.example` (as a further one, if there are some)",
      ]),
    );
    expect(changed(["a.example"], { host: "b.example", additionalHosts: ["a.example"] })).toEqual(twice([]));
    expect(changed(["a.example"], {})).toEqual(twice([]));
  });

  test("is no matter for an additional host that goes", () => {
    expect(changed(["a.example", "b.example"], { host: "a.example" })).toEqual(twice([]));
  });

  test("is a warning if it is a model's own, which nothing can keep", () => {
    const now = today({ iris: "http://iris.example" }, ["/"], ["iris.example"]);
    const found = (host?: string) =>
      texts(movedHost, now, { routing: {}, models: [{ ...model("iris", "/models/iris"), host }] });
    const after =
      "and requests to iris.example fail from this update on; move its clients to its path before";
    expect(found("new.example")).toEqual(twice([`catalog.iris.host: changes to new.example, ${after}`]));
    expect(found()).toEqual(twice([`catalog.iris.host: is removed, ${after}`]));
    expect(found("iris.example")).toEqual(twice([]));
  });

  test("is a warning if the models answered on every host", () => {
    expect(changed([undefined], { host: "b.example" })).toEqual(
      twice([
        "routing.host: the models answer on every host until now, and only on b.example from this update on",
      ]),
    );
  });
});
