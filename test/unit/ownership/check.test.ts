import { describe, expect, test } from "vitest";
import { type Announcement, pathOf } from "../../../fleet/objects";
import {
  applyAnnotations,
  fieldManager,
  ownerLabels,
  selectorLabels,
  VERSION_OF,
} from "../../../fleet/owner";
import { checkOwnership } from "../../../ownership/check";
import type { LastUpdate } from "../../../ownership/last-update";
import { apiServer, type Reply } from "../../support/api-server";
import { NO_GATEWAY } from "../../support/settings";

const NAMESPACE = "GET /api/v1/namespaces/models";
const KUBE_SYSTEM = "GET /api/v1/namespaces/kube-system";
const INGRESSES = "GET /apis/networking.k8s.io/v1/ingresses";
const ID = "7d3a5f0e-1c2b-4d6e-8f90-a1b2c3d4e5f6";
const nginx = (...paths: string[]) => ({
  ingressClassName: "nginx",
  rules: [{ http: { paths: paths.map((path) => ({ path, pathType: "Prefix" })) } }],
});
const list = (kind: "deployment" | "service" | "secret" | "middleware" | "ingress") =>
  `GET ${pathOf(kind, "models")}`;
const items = (...metadata: object[]): Reply => [200, { items: metadata.map((one) => ({ metadata: one })) }];
const own = (name: string, more: object = {}) => ({
  name,
  labels: ownerLabels("dev"),
  annotations: { ...applyAnnotations("dev"), ...more },
});

const DEPLOYMENT: Announcement = { object: "deployment/iris", by: 'model "iris"' };
const SERVICE: Announcement = { object: "service/iris", by: 'model "iris"' };

const INGRESS: Announcement = { object: "ingress/modelfleet", by: "the Ingress" };

const FLEET = {
  stack: "dev",
  namespace: "models",
  models: [{ id: "iris", path: "/models/iris" }],
  routing: {},
  ingress: { className: "nginx" },
  gateway: NO_GATEWAY,
  clusterId: undefined,
};

async function check(
  replies: Record<string, Reply>,
  announcements: readonly Announcement[] = [DEPLOYMENT],
  adopt: string[] = [],
  { last = {}, clusterId }: { last?: LastUpdate; clusterId?: string } = {},
) {
  const { cluster, asked } = await apiServer(replies);
  const args = { ...FLEET, cluster, adopt, clusterId };
  const result = await checkOwnership(args, announcements, Promise.resolve(last)).catch(
    (error: unknown) => error as Error,
  );
  return { asked, ownership: result instanceof Error ? undefined : result, error: result as Error };
}

describe("the namespace", () => {
  test.each<[string, Reply, boolean]>([
    ["is managed if it is missing", [404, {}], true],
    ["is managed if this stack made it", [200, { metadata: own("models") }], true],
    ["is used as it is if somebody else made it", [200, { metadata: { name: "models" } }], false],
    ["is used as it is if the user may not read it", [403, {}], false],
  ])("%s", async (_what, reply, managesNamespace) => {
    const { ownership } = await check({ [NAMESPACE]: reply });
    expect(ownership?.managesNamespace).toBe(managesNamespace);
  });

  test("is an error with the API server's reason for any other status", async () => {
    const { error } = await check({ [NAMESPACE]: [500, { message: "etcd is full" }] });
    expect(error.message).toMatch(
      /^the cluster at .* refuses to get namespace models \(500: etcd is full\)$/,
    );
  });
});

describe("an announced object", () => {
  test.each<[string, object]>([
    ["does not exist", { name: "other" }],
    ["has the stack's labels and name", own("iris")],
    ["has the stack's field manager", { name: "iris", managedFields: [{ manager: fieldManager("dev") }] }],
  ])("may be registered if it %s", async (_what, metadata) => {
    const { ownership } = await check({ [list("deployment")]: items(metadata) });
    expect(ownership).toMatchObject({ managesNamespace: true, secretVersions: [] });
  });

  test("that somebody else made is an error with both fixes, and nothing is written", async () => {
    const replies = {
      [list("deployment")]: items({ name: "iris" }),
      [list("service")]: items({ name: "iris" }),
    };
    const { error, asked } = await check(replies, [SERVICE, DEPLOYMENT]);
    expect(error.message.split("\n")).toEqual([
      expect.stringMatching(/^2 problems in the cluster at http:.*; nothing was changed:$/),
      "  deployment/iris in namespace \"models\": exists already and was not made by this stack; rename the model, or take the object over with `pulumi config set --path 'adopt[0]' deployment/iris`",
      "  service/iris in namespace \"models\": exists already and was not made by this stack; rename the model, or take the object over with `pulumi config set --path 'adopt[1]' service/iris`",
    ]);
    expect(asked.filter((line) => !line.startsWith("GET "))).toEqual([]);
  });

  test("of the fleet itself that another fleet has is an error that suggests another namespace", async () => {
    const replies = { [list("ingress")]: items({ name: "modelfleet" }) };
    const { error } = await check(replies, [INGRESS]);
    expect(error.message).toContain("give this fleet a namespace of its own");
  });

  test("that somebody else made is taken over if adopt lists it", async () => {
    const { ownership } = await check(
      { [list("service")]: items({ name: "iris" }) },
      [SERVICE],
      [SERVICE.object],
    );
    expect(ownership?.managesNamespace).toBe(true);
  });
});

describe("a Deployment that adopt lists", () => {
  const adopt = [DEPLOYMENT.object];
  const listed = { [list("deployment")]: items({ name: "iris" }) };
  const get = `GET ${pathOf("deployment", "models", "iris")}`;

  test("is taken over if it has the fleet's selector", async () => {
    const spec = { selector: { matchLabels: selectorLabels("iris", "dev") } };
    const { ownership } = await check({ ...listed, [get]: [200, { spec }] }, [DEPLOYMENT], adopt);
    expect(ownership).toBeDefined();
  });

  test("is an error with the command that deletes it if it has another selector", async () => {
    const spec = { selector: { matchLabels: { app: "iris" } } };
    const { error } = await check({ ...listed, [get]: [200, { spec }] }, [DEPLOYMENT], adopt);
    expect(error.message).toContain('deployment/iris in namespace "models": has another selector');
    expect(error.message).toContain("`kubectl delete deployment iris --namespace models`");
  });

  test("is accepted if it was deleted meanwhile", async () => {
    expect((await check(listed, [DEPLOYMENT], adopt)).ownership).toBeDefined();
  });
});

test("a cluster without Traefik's kinds is an error that says what to install", async () => {
  const { error } = await check({}, [{ object: "middleware/modelfleet-strip-prefix", by: "the Ingress" }]);
  expect(error.message).toContain("install Traefik's custom resource definitions");
});

describe("an account without rights", () => {
  const forbidden: Reply = [403, { message: 'User "ann" cannot list it' }];

  test("makes an update fail with all that it lacks at once, what the provider watches included", async () => {
    const replies = {
      [list("deployment")]: forbidden,
      [list("service")]: forbidden,
      "GET /api/v1/namespaces/models/pods?limit=1": forbidden,
    };
    const { error } = await check(replies, [DEPLOYMENT, SERVICE]);
    expect(error.message).toContain(
      "  the account ann may not list deployments.apps in namespace models, list pods in namespace models, list services in namespace models; give it the Role",
    );
  });

  test("sees the Ingresses of its own namespace if it may not see all", async () => {
    const other = { metadata: { name: "other", namespace: "models" }, spec: nginx("/models/iris") };
    const replies = { [INGRESSES]: forbidden, [list("ingress")]: [200, { items: [other] }] as Reply };
    const { error } = await check(replies, [INGRESS]);
    expect(error.message).toContain("routed by ingress/models/other already");
  });

  test("must be able to read kube-system only if the settings name the cluster", async () => {
    const replies = { [KUBE_SYSTEM]: forbidden };
    expect((await check(replies)).ownership?.clusterId).toBeUndefined();
    const { error } = await check(replies, [], [], { clusterId: ID });
    expect(error.message).toContain("the account ann may not get namespace kube-system");
  });
});

test("the cluster's ID is kept from the last update if the account may not read it", async () => {
  expect((await check({}, [], [], { last: { clusterId: ID } })).ownership?.clusterId).toBe(ID);
});

test("all problems of all checks are in one report, and each adopt command has its own index", async () => {
  const other = { metadata: { name: "web", namespace: "other" }, spec: nginx("/models/iris") };
  const replies: Record<string, Reply> = {
    [NAMESPACE]: [200, { metadata: { deletionTimestamp: "2026-11-25T18:00:00Z" } }],
    [list("service")]: items({ name: "iris" }),
    [INGRESSES]: [200, { items: [other] }],
  };
  const { error, asked } = await check(replies, [SERVICE, INGRESS], ["service/before"]);
  expect(error.message).toMatch(/^3 problems in the cluster/);
  expect(error.message).toContain('namespace "models": is being deleted since 2026-11-25T18:00:00Z;');
  expect(error.message).toContain("'adopt[1]' service/iris");
  expect(error.message).toContain("'adopt[2]' ingress/other/web");
  expect(asked.filter((line) => !line.startsWith("GET "))).toEqual([]);
});

describe("another namespace than that of the last update", () => {
  const last = { namespace: "before" };
  const before = `GET ${pathOf("deployment", "before")}`;

  test.each<[string, Reply]>([
    ["the fleet runs in that one", items(own("iris"))],
    ["the account may not look there", [403, {}]],
  ])("is an error if %s", async (_what, reply) => {
    const { error } = await check({ [before]: reply }, [], [], { last });
    expect(error.message).toContain(
      'namespace: "models" is not "before", where the fleet of this stack runs',
    );
  });

  test("is accepted if nothing of the stack runs in that one", async () => {
    const replies = { [before]: items({ name: "theirs" }) };
    expect((await check(replies, [], [], { last })).ownership).toBeDefined();
  });
});

test("a cluster that does not answer is an error that says that nothing was changed", async () => {
  const { kubeconfigOf } = await import("../../support/api-server");
  const cluster = {
    kubeconfig: kubeconfigOf("http://127.0.0.1:1"),
    context: undefined,
    environment: process.env,
  };
  const args = { ...FLEET, cluster, adopt: [] };
  await expect(checkOwnership(args, [DEPLOYMENT], Promise.resolve({}))).rejects.toThrow(
    /^the cluster at http:\/\/127\.0\.0\.1:1 does not answer .*; no object of the fleet was changed$/,
  );
});

test("checkOwnership finds the stack's Secret versions, also those of a former release", async () => {
  const replies = {
    [list("secret")]: items(own("iris-env"), own("iris-env-0123456789", { [VERSION_OF]: "iris-env" }), {
      name: "theirs-0123456789",
      annotations: { [VERSION_OF]: "theirs" },
    }),
  };
  const { ownership } = await check(replies, [{ object: "secret/iris-env", by: 'model "iris"' }]);
  expect(ownership?.secretVersions).toEqual(["iris-env-0123456789"]);
});
