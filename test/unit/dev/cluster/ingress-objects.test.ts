import { describe, expect, test } from "vitest";
import { traefikArguments } from "../../../../dev/cluster/ingress-controller";
import {
  gatewayObjects,
  ingressObjects,
  probeObjects,
  PROBES,
} from "../../../../dev/cluster/ingress-objects";

interface Named {
  kind: string;
  metadata: { name: string };
}

describe("ingressObjects", () => {
  const objects = ingressObjects() as Named[];

  test("has the IngressClasses nginx and traefik", () => {
    const classes = objects
      .filter(({ kind }) => kind === "IngressClass")
      .map(({ metadata }) => metadata.name);
    expect(classes).toEqual(["nginx", "traefik"]);
  });

  test("has all ten kinds that Traefik needs, under their plural names", () => {
    const kinds = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(kinds.map(({ metadata }) => metadata.name)).toEqual([
      "ingressroutes.traefik.io",
      "ingressroutetcps.traefik.io",
      "ingressrouteudps.traefik.io",
      "middlewares.traefik.io",
      "middlewaretcps.traefik.io",
      "serverstransports.traefik.io",
      "serverstransporttcps.traefik.io",
      "tlsoptions.traefik.io",
      "tlsstores.traefik.io",
      "traefikservices.traefik.io",
    ]);
  });
});

describe("gatewayObjects", () => {
  test("has the GatewayClass traefik", () => {
    expect(gatewayObjects()).toMatchObject([{ kind: "GatewayClass", metadata: { name: "traefik" } }]);
  });
});

describe("probeObjects", () => {
  test("has one Ingress per class and a Gateway of Traefik's port, each with its own host", () => {
    const objects = probeObjects(20_007) as Named[];
    const ingresses = objects.filter(({ kind }) => kind === "Ingress");
    expect(ingresses.map(({ metadata }) => metadata.name)).toEqual(["nginx", "traefik"]);
    expect(objects.find(({ kind }) => kind === "Gateway")).toMatchObject({
      spec: { gatewayClassName: "traefik", listeners: [{ port: 20_007 }] },
    });
    expect(PROBES).toEqual({
      "nginx.probe.internal": 503,
      "traefik.probe.internal": 503,
      "gateway.probe.internal": 302,
    });
  });
});

describe("traefikArguments", () => {
  test("opens two ports, on loopback", () => {
    const opened = traefikArguments({ ingress: 20007, ingressHttps: 20008 });
    expect(opened.filter((argument) => argument.includes(".address="))).toEqual([
      "--entrypoints.web.address=127.0.0.1:20007",
      "--entrypoints.websecure.address=127.0.0.1:20008",
    ]);
  });
});
