import { describe, expect, test } from "vitest";
import type { OldModel } from "../../../../cli/adopt/entry";
import type { Namespace } from "../../../../cli/adopt/find";
import type { FleetView } from "../../../../cli/adopt/fleet";
import { planOf } from "../../../../cli/adopt/plan";
import type { Api } from "../../../../kubernetes/api";
import { FLEET, ingressOf, oldIris, SERVICE } from "./old";

const REGISTRY = { server: "registry.example", username: "u", password: "word-4711" };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const login = (server: string) => {
  const auths = { [server]: { auth: base64(`${REGISTRY.username}:${REGISTRY.password}`) } };
  return { data: { ".dockerconfigjson": base64(JSON.stringify({ auths })) } };
};
const WITHOUT_LOGIN = { data: { ".dockerconfigjson": base64(JSON.stringify({ auths: {} })) } };
const SECRETS: Record<string, object> = {
  token: WITHOUT_LOGIN,
  pull: login("registry.example"),
  other: login("other.example"),
};

/** An API server with these Secrets only. */
const API = {
  server: "https://cluster.example",
  get: (path: string) => {
    const secret = SECRETS[path.split("/").at(-1) ?? ""];
    return Promise.resolve(
      secret === undefined
        ? { status: 404, body: {} }
        : { status: 200, body: { metadata: { name: path.split("/").at(-1) }, ...secret } },
    );
  },
} as unknown as Api;

const withPull = (...names: string[]) =>
  oldIris({ pod: { imagePullSecrets: names.map((name) => ({ name })) } });

function plan(
  olds: OldModel[],
  {
    fleet = {},
    files = {},
    ...more
  }: {
    fleet?: Partial<FleetView>;
    files?: Record<string, string>;
    namespace?: Partial<Namespace>;
  } = {},
) {
  const namespace = {
    ...{ name: "models", deployments: olds.map(({ deployment }) => deployment), services: [SERVICE] },
    ...{ ingresses: [ingressOf(["/models/iris"])], autoscalers: [], pods: [] },
    ...more.namespace,
  };
  return planOf(olds, {
    ...{ api: API, fleet: { ...FLEET, ...fleet }, namespace },
    files: new Map(Object.entries(files)),
  });
}

test("a plan has the Ingresses to accept and the registry of the pull Secrets", async () => {
  const { adoptions, ...rest } = await plan([withPull("pull", "gone")]);
  expect(adoptions.map(({ id }) => id)).toEqual(["iris"]);
  expect(rest).toEqual({ ingresses: ["ingress/models/old"], registry: REGISTRY, notes: [] });
});

test("a pull Secret without a user and a password is named", async () => {
  const { registry, notes } = await plan([withPull("token")]);
  expect(registry).toBeUndefined();
  expect(notes).toEqual([
    "registry: the pull Secret token has no user and password, so it is not carried over; if the images need it, set podSpec.imagePullSecrets to [{name: token}]",
  ]);
});

test("a registry that is set stays", async () => {
  const { registry, notes } = await plan([withPull("pull")], { fleet: { registry: "registry.example" } });
  expect(registry).toBeUndefined();
  expect(notes).toEqual(["registry: stays as it is set, for registry.example"]);
});

test("a note of several models is one line, and what the Ingress has in addition is one of its own", async () => {
  const old = oldIris({
    container: { env: [] },
    ingresses: [
      ingressOf(["/models/iris"], {
        annotations: {
          "traefik.ingress.kubernetes.io/router.middlewares": "models-strip@kubernetescrd",
          "example.com/timeout": "600",
        },
        spec: { tls: [{}] },
      }),
    ],
  });
  const wine = {
    ...old,
    id: "wine",
    routes: old.routes.map((route) => ({ ...route, path: "/models/wine" })),
  };
  const { notes } = await plan([old, wine]);
  expect(notes).toEqual([
    "iris, wine: its server gets MODEL_NAME and PORT in addition",
    "ingress/models/old: example.com/timeout not carried over; set what is needed in ingress.annotations",
    "ingress/models/old: its tls is not carried over, since routing.tls needs routing.host; set both, or let the controller have the certificate",
  ]);
});

describe("the HTTPS of the old Ingress", () => {
  const nginx = { controller: "nginx", className: "nginx", host: "a.example" } as const;
  const old = (tls: object[], annotations: Record<string, string> = {}) =>
    oldIris({
      ingresses: [
        ingressOf(["/models/iris"], {
          host: "a.example",
          annotations: { "nginx.ingress.kubernetes.io/rewrite-target": "/$2", ...annotations },
          spec: { ingressClassName: "nginx", tls },
        }),
      ],
    });

  test.each([
    ["redirects as ingress-nginx does by default", {}, true],
    [
      "does not where the old Ingress does not",
      { "nginx.ingress.kubernetes.io/ssl-redirect": "false" },
      false,
    ],
  ])("is routing.tls, and %s", async (_what, annotations, redirect) => {
    const { tls, notes } = await plan([old([{ hosts: ["*.example"], secretName: "cert" }], annotations)], {
      fleet: nginx,
    });
    expect({ tls, notes }).toEqual({ tls: { secretName: "cert", redirect }, notes: [] });
  });

  test("of another host is none of the fleet's", async () => {
    expect((await plan([old([{ hosts: ["b.example"] }])], { fleet: nginx })).tls).toBeUndefined();
  });

  test("with Traefik has no redirect, and its Secret must be in the fleet's namespace", async () => {
    const traefik = oldIris({
      ingresses: [
        ingressOf(["/models/iris"], { host: "a.example", spec: { tls: [{ secretName: "cert" }] } }),
      ],
    });
    const made = await plan([traefik], { fleet: { host: "a.example", namespace: "new" } });
    expect(made.tls).toEqual({ secretName: "cert", redirect: false });
    expect(made.notes).toEqual([
      "routing.tls.secretName: the Secret cert is in namespace models; the fleet's Ingress needs it in namespace new",
    ]);
  });

  test("stays as it is set, and several certificates for the host are refused", async () => {
    const one = [{ secretName: "cert" }];
    const fleet = { ...nginx, tls: { redirect: true } };
    expect(await plan([old(one)], { fleet })).toMatchObject({ notes: ["routing.tls: stays as it is set"] });
    await expect(plan([old([...one, { secretName: "other" }])], { fleet: nginx })).rejects.toThrow(
      "routing.tls: the old Ingresses have several certificates for a.example (cert, other), and a fleet has one; leave one",
    );
  });
});

describe("refused, all at once, are", () => {
  test("names and entries that are there, Services of several Deployments, and logins of several registries", async () => {
    const old = withPull("pull", "other");
    const other = { ...old.deployment, metadata: { ...old.deployment.metadata, name: "iris" } };
    const made = plan([old], {
      fleet: { catalog: ["iris"] },
      files: { iris: "catalog/iris.yaml" },
      namespace: { deployments: [old.deployment, other] },
    });
    await expect(made).rejects.toThrow(`5 problems in the objects of namespace "models"; nothing was changed:
  iris: the fleet makes a Deployment iris beside the old one, and the name is taken in namespace models; give the fleet another namespace, and this one with --from
  iris: Service iris-cluster-ip leads to Deployment iris too, and a model has one; remove one of the two
  iris: catalog.iris is there already; remove it (\`pulumi config rm --path catalog.iris\`), or deploy it as it is
  iris: catalog/iris.yaml is there already; remove it, or deploy it as it is
  registry: the old pull Secrets have several logins (registry.example, other.example), and a fleet has one; leave one in the Secrets of these models, or adopt them into several fleets`);
  });

  test("a registry other than that of the settings", async () => {
    await expect(plan([withPull("other")], { fleet: { registry: "registry.example" } })).rejects.toThrow(
      "registry.server: registry.example is set, and the old pull Secret is for other.example; a fleet has one registry",
    );
  });
});
