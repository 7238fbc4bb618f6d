import { expect, test } from "vitest";
import { neededByFleet, neededObjects } from "../../../config/needed";
import { fleetOf, modelOf } from "../../support/settings";

test("the objects that a model needs are those that its settings name, and that may not be missing", () => {
  const envFrom = [
    { secretRef: { name: "hub" } },
    { configMapRef: { name: "flags" } },
    { secretRef: { name: "extra", optional: true } },
  ];
  expect(neededObjects([modelOf({ envFrom, serviceAccountName: "reader" })])).toEqual([
    { kind: "secret", name: "hub", path: "catalog.iris.envFrom[0].secretRef" },
    { kind: "configmap", name: "flags", path: "catalog.iris.envFrom[1].configMapRef" },
    { kind: "serviceaccount", name: "reader", path: "catalog.iris.serviceAccountName" },
  ]);
});

test("so are the objects of its variables and its volumes", () => {
  const env = {
    A: { secretKeyRef: { name: "keys", key: "a" } },
    B: { configMapKeyRef: { name: "flags", key: "b", optional: true } },
  };
  const volumes = {
    data: { mountPath: "/data", pvc: "claim" },
    keys: { mountPath: "/keys", secret: "tls" },
    flags: { mountPath: "/flags", configMap: "flags" },
    scratch: { mountPath: "/scratch", emptyDir: {} },
  };
  expect(neededObjects([modelOf({ env, volumes })])).toEqual([
    { kind: "secret", name: "keys", path: "catalog.iris.env.A.secretKeyRef" },
    { kind: "persistentvolumeclaim", name: "claim", path: "catalog.iris.volumes.data.pvc" },
    { kind: "secret", name: "tls", path: "catalog.iris.volumes.keys.secret" },
    { kind: "configmap", name: "flags", path: "catalog.iris.volumes.flags.configMap" },
  ]);
});

test("so are the objects that parts of pods refer to", () => {
  const container = { name: "one", image: "a/b:1", envFrom: [{ secretRef: { name: "hub" } }] };
  const podSpec = {
    serviceAccountName: "reader",
    volumes: [
      { name: "a", secret: { secretName: "tls" } },
      {
        name: "b",
        projected: {
          sources: [{ configMap: { name: "flags" } }, { secret: { name: "keys", optional: true } }],
        },
      },
      { name: "c", persistentVolumeClaim: { claimName: "claim" } },
    ],
  };
  const paths = neededObjects([modelOf({ sidecars: [container], podSpec })]).map(({ kind, name, path }) => [
    kind,
    name,
    path.replace("catalog.iris.", ""),
  ]);
  expect(paths).toEqual([
    ["secret", "hub", "sidecars[0].envFrom[0].secretRef"],
    ["secret", "tls", "podSpec.volumes[0].secret"],
    ["configmap", "flags", "podSpec.volumes[1].projected.sources[0].configMap"],
    ["persistentvolumeclaim", "claim", "podSpec.volumes[2].persistentVolumeClaim"],
    ["serviceaccount", "reader", "podSpec.serviceAccountName"],
  ]);
});

test("each variant needs its own", () => {
  const variants = { a: {}, b: { serviceAccountName: "reader" } };
  expect(neededObjects([modelOf({ champion: "a", variants })])).toEqual([
    { kind: "serviceaccount", name: "reader", path: "catalog.iris.variants.b.serviceAccountName" },
  ]);
});

test("what decides a pod's place must exist too", () => {
  const resourceClaims = [
    { name: "a", resourceClaimTemplateName: "large" },
    { name: "b", resourceClaimName: "shared" },
  ];
  const settings = { priorityClassName: "high", runtimeClassName: "nvidia", resourceClaims };
  expect(neededObjects([modelOf(settings)])).toEqual([
    { kind: "priorityclass", name: "high", path: "catalog.iris.priorityClassName" },
    { kind: "runtimeclass", name: "nvidia", path: "catalog.iris.runtimeClassName" },
    { kind: "resourceclaimtemplate", name: "large", path: "catalog.iris.resourceClaims[0]" },
    { kind: "resourceclaim", name: "shared", path: "catalog.iris.resourceClaims[1]" },
  ]);
});

test("a network policy needs the namespaces that it names, if it is in force", () => {
  const networkPolicy = { enabled: true, from: [{ cidr: "10.0.0.0/8" }, { namespace: "traefik" }], to: [] };
  expect(neededByFleet({ networkPolicy })).toEqual([
    { kind: "namespace", name: "traefik", path: "networkPolicy.from[1].namespace" },
  ]);
  expect(neededByFleet({ networkPolicy: { ...networkPolicy, enabled: false } })).toEqual([]);
  const network = { to: [{ namespace: "minio" }] };
  const fleet = fleetOf({ networkPolicy, catalog: { iris: { network } } });
  expect(neededObjects(fleet.models)).toEqual([
    { kind: "namespace", name: "minio", path: "catalog.iris.network.to[0].namespace" },
  ]);
});
