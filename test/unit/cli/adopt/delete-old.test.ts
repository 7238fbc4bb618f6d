import { describe, expect, test } from "vitest";
import type { OldModel } from "../../../../cli/adopt/entry";
import { isOver } from "../../../../cli/adopt/finish";
import { leftoversOf, pathsOf, rowsOf } from "../../../../cli/adopt/leftovers";
import { lossesOf } from "../../../../cli/adopt/losses";
import { patchWithout } from "../../../../cli/adopt/remove";
import { routesTo } from "../../../../cli/adopt/routes";
import type { Api } from "../../../../kubernetes/api";
import { ingressOf, oldIris, SERVICE } from "./old";

const rule = (host: string, paths: string[], service?: string) =>
  ingressOf(paths, { host, ...(service !== undefined && { service }) }).spec?.rules?.[0] ?? {};

test("an Ingress loses only the paths of these models, from the end, if nobody has changed it", () => {
  const ingress = ingressOf([], {
    spec: {
      rules: [
        rule("a.example", ["/models/iris"]),
        rule("b.example", ["/models/iris", "/iris"]),
        rule("c.example", ["/others"], "others"),
      ],
    },
  });
  const routes = routesTo([SERVICE], [ingress]).filter(({ path }) => path === "/models/iris");
  expect(
    patchWithout(
      ingress,
      routes.map(({ at }) => at),
    ),
  ).toEqual([
    { op: "test", path: "/metadata/uid", value: "i" },
    { op: "test", path: "/metadata/resourceVersion", value: "7" },
    { op: "remove", path: "/spec/rules/1/http/paths/0" },
    { op: "remove", path: "/spec/rules/0" },
  ]);
});

describe("an Ingress goes", () => {
  const isAll = (spec: object, services = [SERVICE]) =>
    pathsOf(routesTo(services, [ingressOf(["/models/iris"], { spec })])).map((one) => one.isAll);
  test("if it has nothing else", () => expect(isAll({})).toEqual([true]));
  test("not if it has a default backend", () => expect(isAll({ defaultBackend: {} })).toEqual([false]));
  test("not if it has another path", () =>
    expect(
      isAll({ rules: [rule("a.example", ["/models/iris"]), rule("a.example", ["/o"], "others")] }),
    ).toEqual([false]));
});

describe("nothing is removed", () => {
  const paths = (more: object = {}) => pathsOf(routesTo([SERVICE], [ingressOf(["/models/iris"], more)]));
  const own = ingressOf(["/models/iris"]);
  test("only if the fleet's Ingress routes the path on the host", () => {
    expect(lossesOf(own, paths())).toEqual([]);
    expect(lossesOf(own, paths({ host: "a.example" }))).toEqual([]);
    expect(lossesOf(ingressOf(["/models/wine"]), paths())).toEqual([
      "ingress/models/old: the fleet's Ingress does not route /models/iris on every host; see `npx modelfleet status`",
    ]);
    expect(
      lossesOf(ingressOf(["/models/iris"], { host: "b.example" }), paths({ host: "a.example" })),
    ).toHaveLength(1);
    expect(lossesOf(undefined, paths())).toHaveLength(1);
  });
  test("if HTTPS would end with it", () => {
    expect(lossesOf(own, paths({ spec: { tls: [{}] } }))).toEqual([
      "ingress/models/old: has tls, and the fleet's Ingress has none; set routing.tls",
    ]);
    expect(
      lossesOf(ingressOf(["/models/iris"], { spec: { tls: [{}] } }), paths({ spec: { tls: [{}] } })),
    ).toEqual([]);
  });
});

test("an entry of adopt is over once its Ingress is gone or routes no path of the fleet", () => {
  const fleet = { host: undefined, paths: ["/models/iris"] };
  const over = (entry: string, paths: string[]) =>
    isOver(entry, { from: "models", ingresses: [ingressOf(paths)], fleet });
  expect(over("ingress/models/old", ["/models/iris"])).toBe(false);
  expect(over("ingress/models/old", ["/models/wine"])).toBe(true);
  expect(over("ingress/models/gone", ["/models/iris"])).toBe(true);
  expect(over("ingress/elsewhere/old", [])).toBe(false);
  expect(over("service/iris", [])).toBe(false);
});

describe("what is left of iris", () => {
  const old = oldIris({ pod: { imagePullSecrets: [{ name: "pull" }] } });
  const api = (named: object[], status = 200) =>
    ({
      get: (path: string) => {
        const name = path.split("/").at(-1) ?? "";
        const secret = { metadata: { name }, type: "kubernetes.io/dockerconfigjson" };
        const items = name === "pods" ? named : [];
        return Promise.resolve(name === "pull" ? { status: 200, body: secret } : { status, body: { items } });
      },
    }) as unknown as Api;
  const namespace = {
    ...{ name: "models", deployments: [old.deployment], services: [SERVICE] },
    ...{ ingresses: [], autoscalers: [], pods: [] },
  };
  const rows = async (one: Api, more: object = {}) =>
    rowsOf(await leftoversOf(one, [old], { ...namespace, ...more })).map(([object]) => object);

  test("is its Ingress, Service, pull Secret and Deployment, in this order", async () => {
    const ownPod = { metadata: { labels: { app: "iris" } }, spec: { imagePullSecrets: [{ name: "pull" }] } };
    expect(await rows(api([ownPod]))).toEqual([
      "ingress/old",
      "service/iris-cluster-ip",
      "secret/pull",
      "deployment/iris-deployment",
    ]);
  });

  test("is its autoscaler too, unless a tool would make that again", async () => {
    const scaler = (name: string, owners: object[]) => ({ metadata: { name, ownerReferences: owners } });
    const autoscalers = [scaler("own", []), scaler("keda", [{ kind: "ScaledObject", name: "iris" }])];
    const left = await leftoversOf(api([]), [{ ...old, autoscalers } as OldModel], namespace);
    expect(rowsOf(left).slice(-2)).toEqual([
      ["horizontalpodautoscaler/own", "all of it"],
      ["deployment/iris-deployment", "all of it"],
    ]);
  });

  test("is no Secret that another pod names, or that nobody may look for", async () => {
    const other = { metadata: {}, spec: { volumes: [{ secret: { secretName: "pull" } }] } };
    expect(await rows(api([other]))).not.toContain("secret/pull");
    expect(await rows(api([], 403))).not.toContain("secret/pull");
  });

  test("is no Service that leads to somebody else too, nor the path to it", async () => {
    const other = { ...old.deployment, metadata: { name: "other" } };
    expect(await rows(api([]), { deployments: [old.deployment, other] })).toEqual([
      "secret/pull",
      "deployment/iris-deployment",
    ]);
  });
});
