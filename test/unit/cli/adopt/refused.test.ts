import { describe, expect, test } from "vitest";
import { adoptionOf } from "../../../../cli/adopt/entry";
import type { Sources } from "../../../../cli/adopt/environment";
import type { FleetView } from "../../../../cli/adopt/fleet";
import { FLEET, ingressOf, oldIris, type OldOptions, SERVICE } from "./old";

const SOURCES: Sources = { secrets: new Map([["keys", { API_KEY: "key-4711" }]]), configMaps: new Map() };

const adopted = (old: OldOptions = {}, fleet: Partial<FleetView> = {}) =>
  adoptionOf(oldIris(old), { ...FLEET, ...fleet }, SOURCES);

describe("a model is not adopted", () => {
  test.each<[old: OldOptions, problem: string]>([
    [
      { pod: { hostNetwork: true } },
      "its pods are on the node's network (hostNetwork), which the fleet's pods may not be; give it a port of its own",
    ],
    [
      { container: { args: ["--api-key=key-4711"] } },
      "its command or args hold a secret; put it into a variable of the old Deployment, and refer to it there as $(NAME)",
    ],
    [
      {
        pod: { volumes: [{ name: "data", hostPath: { path: "/data" } }] },
        container: { volumeMounts: [{ name: "data", mountPath: "/models" }] },
      },
      "its volume data at /models is a path of the node (hostPath), which the fleet's pods may not use; make it one of the kinds of docs/containers.md, or put the files into the image",
    ],
    [
      { pod: { hostPID: true } },
      "its pods are among the node's processes (hostPID), which the fleet's pods may not be; change that in the old Deployment first",
    ],
    [
      { pod: { initContainers: [{ name: "fetch", image: "a/b:1", args: ["--token=key-4711"] }] } },
      "its container fetch holds a secret in plain text; in the old Deployment, make it a variable with valueFrom.secretKeyRef, and write $(NAME) for it in command and args; if it is none, add its name to defaults.plain",
    ],
    [
      { container: { lifecycle: { postStart: { exec: { command: ["login", "--password=key-4711"] } } } } },
      "its pods hold a secret in plain text beside the variables of the server (containers); take it out of the old Deployment; if it is none, add its name to defaults.plain",
    ],
    [
      { template: { annotations: { "example.com/url": "https://user:key-4711@example.com" } } },
      "its labels or annotations hold a secret in plain text; take it out of the old objects",
    ],
    [
      {
        container: {
          env: [
            {
              name: "ROOM",
              valueFrom: { resourceFieldRef: { containerName: "proxy", resource: "limits.memory" } },
            },
          ],
        },
      },
      "its variable ROOM comes from a source that the settings cannot say; give it a value, or remove it",
    ],
    [
      { container: { env: [{ name: "NODE", valueFrom: { fieldRef: {} } }] } },
      "its variable NODE comes from a source that the settings cannot say; give it a value, or remove it",
    ],
    [
      { container: { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "keys", key: "B" } } }] } },
      "its variable A comes from Secret keys, which has no key B; add it",
    ],
    [
      { container: { envFrom: [{ secretRef: { name: "gone" } }] } },
      "its variables come from Secret gone, which does not exist; make it",
    ],
    [
      { services: [{ ...SERVICE, spec: { ...SERVICE.spec, ports: [{ port: 80, targetPort: "web" }] } }] },
      "its Service leads to no port of its container; add the container's port to the old Deployment",
    ],
    [{ ingresses: [] }, "no Ingress leads to it; to deploy it without a move: npx modelfleet deploy"],
    [
      { ingresses: [ingressOf(["/models/iris", "/iris", "/iris/v1"])] },
      'catalog.iris.aliases[1]: "/iris/v1" is inside the path of "iris" (/iris); give one of them another path',
    ],
    [
      { ingresses: [ingressOf(["/"])] },
      "its path / is not the path of a model, such as /models/iris; give it one in its Ingress",
    ],
    [
      { ingresses: [ingressOf(["/models/iris"], { spec: { ingressClassName: "nginx" } })] },
      "ingress/models/old has the class nginx, and ingress.className is traefik: they are served by different controllers; set one of the two",
    ],
    [
      { ingresses: [ingressOf(["/models/iris"], { annotations: {} })] },
      "ingress/models/old does not strip /models/iris (it has no annotation traefik.ingress.kubernetes.io/router.middlewares), and the fleet does, so the server would get other paths; let the server take them without it first",
    ],
    [
      { container: { image: "Iris:1" } },
      'catalog.iris.image: "Iris:1" has "Iris" in its name, which must be in lower case; write "iris"',
    ],
  ])("%j", (old, problem) => {
    expect(adopted(old).problems).toContain(problem);
  });

  test.each(["readinessProbe", "livenessProbe", "startupProbe"])("if its %s speaks HTTPS", (field) => {
    const probe = { httpGet: { path: "/live", port: 8080, scheme: "HTTPS" } };
    expect(adopted({ container: { [field]: probe } }).problems).toEqual([
      "its server speaks HTTPS, and models speak HTTP",
    ]);
  });

  const HEADER =
    "in a probe or a hook, which would be a secret in plain text; let the server answer it without one, or ask by exec";
  const probe = (name: string) => ({
    httpGet: { path: "/live", port: 8080, httpHeaders: [{ name, value: "value-4711" }] },
  });
  test.each<[where: string, old: OldOptions, problem: string]>([
    ...["readinessProbe", "livenessProbe", "startupProbe"].map((field): [string, OldOptions, string] => [
      `the ${field} of the server`,
      { container: { [field]: probe("AUTHORIZATION") } },
      `its server has the header AUTHORIZATION ${HEADER}`,
    ]),
    [
      "a hook of the server",
      { container: { lifecycle: { postStart: probe("Cookie") } } },
      `its server has the header Cookie ${HEADER}`,
    ],
    [
      "a sidecar",
      {
        pod: {
          initContainers: [
            {
              name: "proxy",
              image: "a/b:1",
              restartPolicy: "Always",
              livenessProbe: probe("proxy-authorization"),
            },
          ],
        },
      },
      `its container proxy has the header proxy-authorization ${HEADER}`,
    ],
  ])("with a header that logs in, in %s", (_where, old, problem) => {
    expect(adopted(old).problems).toEqual([problem]);
  });

  test("with a secret in a volume, by its name; the name of an object's key is none", () => {
    const items = [{ key: "api_key", path: "key" }];
    const csi = {
      ...{ driver: "smb.csi.k8s.io", nodePublishSecretRef: { name: "login" } },
      volumeAttributes: { source: "//files/models", password: "value-4711", useToken: "true" },
    };
    const volumes = [
      { name: "files", csi },
      { name: "keys", secret: { secretName: "keys", items } },
    ];
    expect(adopted({ pod: { volumes } }).problems).toEqual([
      "its volume files holds a secret in plain text (csi.volumeAttributes.password); take it out of the old Deployment; if it is none, add its name to defaults.plain",
    ]);
    expect(adopted({ pod: { volumes } }, { defaults: { plain: ["password"] } }).problems).toEqual([]);
  });

  test("if the fleet answers on another host, except behind Traefik without one", () => {
    const old = { ingresses: [ingressOf(["/models/iris"], { host: "a.example" })] };
    expect(adopted(old).problems).toEqual([]);
    expect(adopted(old, { host: "A.example" }).problems).toEqual([]);
    expect(adopted(old, { host: "b.example" }).problems).toEqual([
      "ingress/models/old routes it on a.example, and the fleet answers on b.example; set routing.host to a.example",
    ]);
    expect(adopted({}, { host: "b.example" }).problems).toEqual([
      "ingress/models/old routes it on every host, and the fleet answers on b.example; remove routing.host",
    ]);
  });
});
