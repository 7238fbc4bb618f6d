import { describe, expect, test } from "vitest";
import { connect } from "../../../kubernetes/api";
import { chooseIngress, type IngressClass, ingressOf } from "../../../kubernetes/ingress-class";
import { apiServer, type Reply } from "../../support/api-server";
import { CLASSES } from "../../support/settings";

const of = (name: string, controller: string, isDefault = false): IngressClass => ({
  ...{ name, controller, isDefault },
});
const NGINX = of("public", "k8s.io/ingress-nginx");
const TRAEFIK = of("traefik", "traefik.io/ingress-controller", true);
const KONG = of("kong", "ingress-controllers.konghq.com/kong");
const F5 = of("nginx", "nginx.org/ingress-controller");

const choose = (settings: object, classes: readonly IngressClass[] | undefined) =>
  chooseIngress({ annotations: {}, ...settings }, classes);

describe("the class and the controller of an Ingress", () => {
  test.each<[string, object, readonly IngressClass[] | undefined, string, string]>([
    ["are the cluster's default", {}, [NGINX, TRAEFIK], "traefik", "traefik"],
    ["are those of the class that is set", { className: "public" }, [NGINX, TRAEFIK], "public", "nginx"],
    ["may be none", { className: "kong", controller: "none" }, [KONG], "kong", "none"],
    ["may be none on the default class", { controller: "none" }, [TRAEFIK], "traefik", "none"],
    [
      "are as they are set for a class of an own name",
      { controller: "nginx" },
      [{ ...KONG, isDefault: true }],
      "kong",
      "nginx",
    ],
    [
      "are known by name if the account may not look",
      { className: "traefik" },
      undefined,
      "traefik",
      "traefik",
    ],
    [
      "are as they are set if it may not look",
      { className: "x", controller: "nginx" },
      undefined,
      "x",
      "nginx",
    ],
  ])("%s", (_what, settings, classes, className, controller) => {
    expect(choose(settings, classes)).toEqual({
      ingress: { annotations: {}, className, controller },
      problems: [],
    });
  });

  test.each<[object, readonly IngressClass[] | undefined, string]>([
    [
      {},
      [NGINX, KONG],
      "ingress.className: is not set, and the cluster has no default class; set it to one of public (k8s.io/ingress-nginx), kong (ingress-controllers.konghq.com/kong)",
    ],
    [
      {},
      [KONG, TRAEFIK, { ...NGINX, isDefault: true }],
      "ingress.className: is not set, and the cluster has several default classes; set it to one of traefik (traefik.io/ingress-controller), public (k8s.io/ingress-nginx)",
    ],
    [
      {},
      [],
      "ingress.className: is not set, and the cluster has no IngressClass; install an ingress controller, such as Traefik",
    ],
    [
      {},
      undefined,
      "ingress.className: is not set, and the account may not list IngressClasses to find the cluster's default class; set it and ingress.controller, or let the account list ingressclasses.networking.k8s.io (docs/own-cluster.md)",
    ],
    [
      { className: "internal" },
      undefined,
      'ingress.controller: is not set, and the account may not list IngressClasses to find the controller of "internal"; set it to nginx, traefik or none, or let the account list ingressclasses.networking.k8s.io (docs/own-cluster.md)',
    ],
    [
      { className: "traefic" },
      [TRAEFIK],
      'ingress.className: "traefic" is no IngressClass of the cluster; did you mean "traefik"? It has traefik (traefik.io/ingress-controller)',
    ],
    [
      { className: "traefik" },
      [],
      'ingress.className: "traefik" is no IngressClass of the cluster; it has none: install an ingress controller, such as Traefik',
    ],
    [
      { className: "kong" },
      [KONG, TRAEFIK],
      'ingress.className: "kong" is served by ingress-controllers.konghq.com/kong, for which no way to strip a path is known; set ingress.controller to none, with which the model gets the whole path, or choose traefik (traefik.io/ingress-controller)',
    ],
    [
      { className: "nginx" },
      [F5],
      'ingress.className: "nginx" is served by nginx.org/ingress-controller (not ingress-nginx), for which no way to strip a path is known; set ingress.controller to none, with which the model gets the whole path',
    ],
    [
      { className: "nginx", controller: "nginx" },
      [F5],
      'ingress.controller: "nginx" is not the controller of the IngressClass "nginx", which is nginx.org/ingress-controller; remove it, or choose another class',
    ],
    [
      { controller: "nginx" },
      [TRAEFIK],
      'ingress.controller: "nginx" is not the controller of the IngressClass "traefik", which is traefik.io/ingress-controller; remove it, or choose another class',
    ],
  ])("that %j cannot say with %j is a problem", (settings, classes, problem) => {
    expect(choose(settings, classes).problems).toEqual([problem]);
  });
});

describe("the cluster's classes", () => {
  const CLASS = "GET /apis/networking.k8s.io/v1/ingressclasses";
  const ask = async (reply: Reply, settings: object = {}) => {
    const { cluster } = await apiServer({ [CLASS]: reply });
    return ingressOf(connect(cluster), { annotations: {}, ...settings });
  };

  test("are read with their controller and the annotation of the default class", async () => {
    const items = CLASSES.map(({ name, controller, isDefault }) => ({
      metadata: {
        name,
        ...(isDefault && { annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } }),
      },
      spec: { controller },
    }));
    const { ingress } = await ask([200, { items }]);
    expect(ingress).toEqual({ annotations: {}, className: "nginx", controller: "nginx" });
  });

  test("that the account may not list are no error if the settings say the class", async () => {
    expect((await ask([403, {}], { className: "traefik" })).problems).toEqual([]);
    expect((await ask([403, {}])).problems).toHaveLength(1);
  });

  test("are an error with the API server's reason for any other status", async () => {
    await expect(ask([500, { message: "etcd is full" }])).rejects.toThrow(
      /refuses to list ingressclasses \(500: etcd is full\)$/,
    );
  });
});
