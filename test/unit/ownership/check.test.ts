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
import { apiServer, type Reply } from "../../support/api-server";

const NAMESPACE = "GET /api/v1/namespaces/models";
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

async function check(
  replies: Record<string, Reply>,
  announcements: readonly Announcement[] = [DEPLOYMENT],
  adopt: string[] = [],
) {
  const { cluster, asked } = await apiServer(replies);
  const args = { stack: "dev", namespace: "models", cluster, adopt };
  const result = await checkOwnership(args, announcements).catch((error: unknown) => error as Error);
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
    expect(ownership).toEqual({ managesNamespace: true, secretVersions: [] });
  });

  test("that somebody else made is an error with both fixes, and nothing is written", async () => {
    const replies = {
      [list("deployment")]: items({ name: "iris" }),
      [list("service")]: items({ name: "iris" }),
    };
    const { error, asked } = await check(replies, [SERVICE, DEPLOYMENT]);
    expect(error.message).toBe(
      [
        '2 objects in namespace "models" would be overwritten by stack "dev"; nothing was changed:',
        "  deployment/iris: exists already and was not made by this stack; rename the model, or take the object over with `pulumi config set --path 'adopt[0]' deployment/iris`",
        "  service/iris: exists already and was not made by this stack; rename the model, or take the object over with `pulumi config set --path 'adopt[1]' service/iris`",
      ].join("\n"),
    );
    expect(asked.filter((line) => !line.startsWith("GET "))).toEqual([]);
  });

  test("of the fleet itself that another fleet has is an error that suggests another namespace", async () => {
    const replies = { [list("ingress")]: items({ name: "modelfleet" }) };
    const { error } = await check(replies, [{ object: "ingress/modelfleet", by: "the Ingress" }]);
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
    expect(error.message).toContain("deployment/iris: has another selector, which is immutable");
    expect(error.message).toContain("`kubectl delete deployment iris --namespace models`");
  });

  test("is accepted if it was deleted meanwhile", async () => {
    expect((await check(listed, [DEPLOYMENT], adopt)).ownership).toBeDefined();
  });
});

test("a cluster without Traefik's kinds is an error that says what to install", async () => {
  const { error } = await check({}, [{ object: "middleware/modelfleet-strip-prefix", by: "the Ingress" }]);
  expect(error.message).toContain("install Traefik with its custom resource definitions");
});

test("a missing permission is an error that names it", async () => {
  const { error } = await check({ [list("deployment")]: [403, { message: "deployments is forbidden" }] });
  expect(error.message).toContain(
    "refuses to list deployment in namespace models (403: deployments is forbidden); ask for that right",
  );
});

test("a cluster that does not answer is an error that says that nothing was changed", async () => {
  const { kubeconfigOf } = await import("../../support/api-server");
  const cluster = {
    kubeconfig: kubeconfigOf("http://127.0.0.1:1"),
    context: undefined,
    environment: process.env,
  };
  const args = { stack: "dev", namespace: "models", cluster, adopt: [] };
  await expect(checkOwnership(args, [DEPLOYMENT])).rejects.toThrow(
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
