import { describe, expect, test } from "vitest";
import { deploymentSpec } from "../../../../../components/pod/deployment";
import { modelOf, problems, withImage } from "../../../../support/settings";

const initOf = (settings: Record<string, unknown>) =>
  (
    deploymentSpec(modelOf(settings), { name: "iris", stack: "dev" }) as unknown as {
      template: { spec: { initContainers?: unknown } };
    }
  ).template.spec.initContainers;

const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};
const ONE = { name: "one", image: "a/b:1" };

test("a model without such containers has none", () => {
  expect(initOf({})).toBeUndefined();
});

test("sidecars start first, and all may do as little as the server", () => {
  expect(initOf({ initContainers: [ONE], sidecars: [{ ...ONE, name: "proxy", ports: [] }] })).toEqual([
    {
      ...{ name: "proxy", image: "a/b:1", ports: [], restartPolicy: "Always", securityContext: SECURITY },
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    },
    { ...ONE, securityContext: SECURITY, volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] },
  ]);
});

test("what they say themselves wins", () => {
  const own = {
    securityContext: { readOnlyRootFilesystem: false, runAsUser: 7 },
    volumeMounts: [{ name: "data", mountPath: "/data" }],
  };
  expect(initOf({ initContainers: [{ ...ONE, ...own }] })).toEqual([
    { ...ONE, ...own, securityContext: { ...SECURITY, ...own.securityContext } },
  ]);
  const volumes = { scratch: { mountPath: "/tmp", emptyDir: {} } };
  expect(initOf({ initContainers: [ONE], volumes })).toEqual([
    { ...ONE, securityContext: SECURITY, volumeMounts: [{ name: "scratch", mountPath: "/tmp" }] },
  ]);
});

test("a disk that only theirs is read-only has no /tmp, since the pod has no volume there", () => {
  const own = { ...ONE, securityContext: { readOnlyRootFilesystem: true } };
  expect(initOf({ sidecars: [own], readOnlyRootFilesystem: false })).toEqual([
    { ...own, restartPolicy: "Always", securityContext: SECURITY },
  ]);
});

describe("is a problem:", () => {
  test.each<[settings: Record<string, unknown>, line: string]>([
    [{ initContainers: [{ name: "a" }] }, "catalog.iris.initContainers[0].image: is missing; give a string"],
    [
      { sidecars: [{ ...ONE, name: "model" }] },
      'catalog.iris.sidecars[0].name: "model" is the name of a container of modelfleet itself; choose another name',
    ],
    [
      { initContainers: [ONE], sidecars: [ONE] },
      'catalog.iris.sidecars[0].name: "one" is the name of another container; choose another name',
    ],
    [
      { initContainers: [{ ...ONE, restartPolicy: "Always" }] },
      "catalog.iris.initContainers[0].restartPolicy: is set by the list; remove it, or move the container to sidecars",
    ],
    [
      { podSpec: { containers: [{ workingDir: "/srv" }] } },
      "catalog.iris.podSpec.containers[0].name: is missing; the entry is merged by it",
    ],
    [{ podSpec: [] }, "catalog.iris.podSpec: must be a map"],
    [
      { podSpec: { containers: [{ name: "model", env: [{ name: "API_KEY", value: "hunter2" }] }] } },
      'catalog.iris.podSpec.containers[0].env[0].value: the name "API_KEY" looks like a secret, which must not be in plain text; make it a variable with valueFrom.secretKeyRef, or, if it is no secret, add "API_KEY" to catalog.iris.plain',
    ],
    [
      { sidecars: [{ ...ONE, args: ["--password=hunter2"] }] },
      'catalog.iris.sidecars[0].args[0]: the name "--password" looks like a secret, which must not be in plain text; write $(<NAME>) for it, and add a variable with valueFrom.secretKeyRef, or, if it is no secret, add "--password" to catalog.iris.plain',
    ],
  ])("%j", (settings, line) => {
    expect(problems(withImage({ catalog: { iris: settings } }))).toEqual([line]);
  });
});
