import { describe, expect, test } from "vitest";
import { traefikArguments } from "../../../../dev/cluster/ingress-controller";
import { ingressObjects, PROBE_HOSTS, probeIngresses } from "../../../../dev/cluster/ingress-objects";

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

describe("probeIngresses", () => {
  test("has one Ingress per class, each with its own host", () => {
    const ingresses = (probeIngresses() as Named[]).filter(({ kind }) => kind === "Ingress");
    expect(ingresses.map(({ metadata }) => metadata.name)).toEqual(["nginx", "traefik"]);
    expect(PROBE_HOSTS).toEqual(["nginx.probe.internal", "traefik.probe.internal"]);
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
