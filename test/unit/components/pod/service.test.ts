import { expect, test } from "vitest";
import { createFleet } from "../../../../components/fleet";
import { probes } from "../../../../components/pod/parts/probes";
import { serviceSpec } from "../../../../components/pod/service";
import { manifests, registered } from "../../../../dev/registered";
import { fleetOf, modelOf, problems, withImage } from "../../../support/settings";

const GRPC = { protocol: "grpc", host: "a.example" };

test("a Service says that its pods speak HTTP/2 only if they do", () => {
  const portsOf = (protocol: "http" | "grpc") => serviceSpec({ name: "iris", stack: "dev", protocol }).ports;
  const port = { name: "http", port: 80, protocol: "TCP", targetPort: "http" };
  expect(portsOf("http")).toEqual([port]);
  expect(portsOf("grpc")).toEqual([{ ...port, appProtocol: "kubernetes.io/h2c" }]);
});

test("Traefik's Ingress reads it from an annotation, which the settings may change", async () => {
  const annotationsOf = async (settings: object) => {
    const fleet = fleetOf({ catalog: { iris: { ...GRPC, ...settings } } });
    const resources = await registered(() => {
      createFleet({ ...fleet, stack: "dev" }, { managesNamespace: false });
    });
    const all = manifests(resources) as {
      kind: string;
      metadata: { annotations?: Record<string, string> };
    }[];
    return all.find(({ kind }) => kind === "Service")?.metadata.annotations ?? {};
  };
  const key = "traefik.ingress.kubernetes.io/service.serversscheme";
  expect((await annotationsOf({}))[key]).toBe("h2c");
  expect((await annotationsOf({ service: { annotations: { [key]: "https" } } }))[key]).toBe("https");
  expect(await annotationsOf({ protocol: "http" })).not.toHaveProperty([key]);
});

test("a gRPC server is asked by its health service, and lives while its port accepts connections", () => {
  const container = probes(modelOf({ ...GRPC, port: 9000 }), { name: "iris", stack: "dev" }).container;
  expect(container?.startupProbe).toMatchObject({ grpc: { port: 9000 } });
  expect(container?.readinessProbe).toEqual({
    ...{ grpc: { port: 9000 }, periodSeconds: 5, timeoutSeconds: 10, failureThreshold: 6 },
  });
  expect(container?.livenessProbe).toMatchObject({ tcpSocket: { port: "http" } });
});

test.each([
  [
    { protocol: "grpc" },
    'catalog.iris.protocol: "grpc" is called without a path that names the model; give it a host, or set routing.hostTemplate',
  ],
  [
    { ...GRPC, liveness: { path: "/live" } },
    'catalog.iris.liveness.path: "/live" is asked by HTTP/1, and protocol is grpc; remove it',
  ],
])("%j is a problem", (settings, line) => {
  expect(problems(withImage({ catalog: { iris: settings } }))).toEqual([line]);
});

test("all variants of a model have one protocol", () => {
  const of = (settings: object) =>
    problems(withImage({ catalog: { iris: { host: "a.example", champion: "a", ...settings } } }));
  expect(of({ variants: { a: {}, b: { protocol: "grpc" } } })).toEqual([
    'catalog.iris.variants.b.protocol: "grpc" is not that of the champion, "http", whose requests it gets too; set catalog.iris.protocol for all variants',
  ]);
  expect(of({ protocol: "grpc", variants: { a: {}, b: {} } })).toEqual([]);
});
