import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { chosenAccess } from "../../../kubernetes/access";
import type { ClusterChoice } from "../../../kubernetes/kubeconfig";
import { UserError } from "../../../lib/user-error";
import { kubeconfigOf } from "../../support/api-server";

const SERVER = "https://a.example";
const EXEC = { apiVersion: "client.authentication.k8s.io/v1", command: "h", interactiveMode: "IfAvailable" };

/** A folder that ends with the test. */
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-access-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The choice of a shell whose KUBECONFIG is a file with this content. */
function inShell(content: string, context?: string): ClusterChoice {
  const file = join(temporary(), "config");
  writeFileSync(file, content);
  return { kubeconfig: undefined, context, environment: { KUBECONFIG: file } };
}

const inSettings = (kubeconfig: string): ClusterChoice => ({
  kubeconfig,
  context: undefined,
  environment: {},
});

/** A kubeconfig with other entries in place of `kubeconfigOf`'s. */
const withEntries = (entries: object, user: object = { token: "t" }) =>
  JSON.stringify({ ...(JSON.parse(kubeconfigOf(SERVER, user)) as object), ...entries });

/** The lines of the report on a choice, without its first. */
function problemsOf(choice: ClusterChoice): string[] {
  try {
    chosenAccess(choice);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const [first, ...lines] = (error as Error).message.split("\n");
    expect(first).toMatch(
      /^\d+ problems? in the kubeconfig \((KUBECONFIG=.*|kubernetes:kubeconfig.*)\); nothing was changed:$/,
    );
    return lines.map((line) => line.trim());
  }
}

describe("a context", () => {
  test("without its cluster and user is an error that names both", () => {
    expect(problemsOf(inShell(withEntries({ clusters: [], users: [] })))).toEqual([
      'contexts.x.cluster: "c" is not the name of a cluster; add it with `kubectl config set-cluster`, or choose another context with kubernetes:context',
      'contexts.x.user: "u" is not the name of a user; add it with `kubectl config set-credentials`, or choose another context with kubernetes:context',
    ]);
  });

  test("of the shell without credentials is an error, since the provider would ask for a user name", () => {
    const fix =
      "add a token, a certificate or a login helper (exec), or choose another context with kubernetes:context";
    expect(problemsOf(inShell(kubeconfigOf(SERVER, {})))).toEqual([`users.u: has no credentials; ${fix}`]);
    const tokenFile = join(temporary(), "token");
    writeFileSync(tokenFile, "\n");
    expect(problemsOf(inShell(kubeconfigOf(SERVER, { tokenFile })))).toEqual([
      `users.u: has no credentials; ${fix}`,
    ]);
    const contexts = [{ name: "x", context: { cluster: "c" } }];
    expect(problemsOf(inShell(withEntries({ contexts })))).toEqual([
      "contexts.x.user: is missing; add it with `kubectl config set-credentials`, or choose another context with kubernetes:context",
    ]);
  });

  test("without credentials is anonymous if the settings have it, or if its server speaks plain HTTP", () => {
    expect(problemsOf(inSettings(kubeconfigOf(SERVER, {})))).toEqual([]);
    expect(problemsOf(inShell(kubeconfigOf("http://127.0.0.1:8001", {})))).toEqual([]);
    const clusters = [{ name: "c", cluster: { server: "127.0.0.1:8001" } }];
    expect(chosenAccess(inShell(withEntries({ clusters, users: [] }))).server).toBe("http://127.0.0.1:8001");
  });

  test("that is not in the kubeconfig is an error with those that are", () => {
    const choice = inShell(kubeconfigOf(SERVER, { token: "t" }), "z");
    expect(() => chosenAccess(choice)).toThrow(
      `kubernetes:context: "z" is not a context of KUBECONFIG=${choice.environment["KUBECONFIG"]}; did you mean "x"? choose one of x, or set KUBECONFIG to the file that has it`,
    );
    expect(() => chosenAccess(inShell(withEntries({ "current-context": "gone" })))).toThrow(
      /^current-context: "gone" is not a context of KUBECONFIG=/,
    );
    expect(() => chosenAccess(inShell(withEntries({ "current-context": "" })))).toThrow(
      /^no cluster is chosen: KUBECONFIG=.* has no current context; set kubernetes:context to one of x$/,
    );
  });
});

test("no kubeconfig is an error that says what to set", () => {
  const environment = { HOME: temporary() };
  expect(() => chosenAccess({ kubeconfig: undefined, context: undefined, environment })).toThrow(
    /^no cluster is configured \(.*\/\.kube\/config has none\); set KUBECONFIG/,
  );
});

test("a pod without a kubeconfig uses its service account", () => {
  const account = temporary();
  writeFileSync(join(account, "token"), "pod-token");
  const environment = { HOME: account, KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
  const choice = { kubeconfig: undefined, context: undefined, environment };
  expect(chosenAccess(choice, account)).toMatchObject({
    server: "https://[fd00::1]:443",
    user: { tokenFile: join(account, "token") },
  });
  // As client-go does, which cannot tell its own default from a kubeconfig with the same address.
  const proxy = inShell(kubeconfigOf("http://localhost:8080", {}));
  const inPod = { ...proxy, environment: { ...proxy.environment, ...environment } };
  expect(chosenAccess(inPod, account).server).toBe("https://[fd00::1]:443");
  expect(chosenAccess(inSettings(kubeconfigOf("http://localhost:8080", {})), account).server).toBe(
    "http://localhost:8080",
  );
});

const path = "names /nowhere/f, which cannot be read";
test.each<[string, object, object, readonly string[]]>([
  ["no server", { server: "" }, {}, ["clusters.c.server: is missing; set the URL of the API server"]],
  ["a server that is no URL", { server: "https://:x" }, {}, ["clusters.c.server: is not a URL"]],
  [
    "a certificate authority and no verification",
    { "certificate-authority-data": "eA==", "insecure-skip-tls-verify": true },
    {},
    ["clusters.c.insecure-skip-tls-verify: excludes a certificate authority; remove one of the two"],
  ],
  [
    "the same twice, as a file that is missing",
    { "certificate-authority": "/nowhere/f", "certificate-authority-data": "eA==" },
    {},
    [
      "clusters.c.certificate-authority: is set, and so is certificate-authority-data; remove one of the two",
      `clusters.c.certificate-authority: ${path}`,
    ],
  ],
  [
    "an unknown proxy",
    { "proxy-url": "ftp://p" },
    {},
    ["clusters.c.proxy-url: is not a URL with http, https or socks5"],
  ],
  [
    "a certificate without a key",
    {},
    { "client-certificate": "/nowhere/f" },
    ["users.u.client-key: is missing; a client certificate needs one", `users.u.client-certificate: ${path}`],
  ],
  [
    "a token and a password",
    {},
    { username: "n" },
    ["users.u: has a token and a user name; remove one of the two"],
  ],
  [
    "a token file that is missing",
    {},
    { token: "", tokenFile: "/nowhere/f" },
    [`users.u.tokenFile: ${path}`],
  ],
  [
    "groups of nobody",
    {},
    { "as-groups": ["g"] },
    ["users.u.as: is missing; as-uid, as-groups and as-user-extra need one"],
  ],
  [
    "a former login method",
    {},
    { "auth-provider": { name: "gcp" } },
    ['users.u.auth-provider: "gcp" is not supported by Kubernetes any more; use a login helper (exec)'],
  ],
  [
    "an old login helper",
    {},
    { exec: { ...EXEC, apiVersion: "client.authentication.k8s.io/v1alpha1" } },
    [
      "users.u.exec.apiVersion: must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1",
    ],
  ],
  [
    "a login helper without its mode",
    {},
    { exec: { ...EXEC, interactiveMode: "" } },
    ["users.u.exec.interactiveMode: must be Never, IfAvailable, Always"],
  ],
  [
    "a login helper that asks",
    {},
    { token: "", exec: { ...EXEC, interactiveMode: "Always" } },
    [
      "users.u.exec.interactiveMode: is Always, but there is no terminal for the login helper to ask at; set it to IfAvailable, and log in with `kubectl get namespaces` first",
    ],
  ],
])("a kubeconfig with %s is an error", (_what, cluster, user, problems) => {
  expect(problemsOf(inSettings(kubeconfigOf(SERVER, { token: "t", ...user }, cluster)))).toEqual(problems);
});

test("a relative path in kubernetes:kubeconfig is an error unless its folder is the project's", () => {
  const file = join(temporary(), "config");
  writeFileSync(
    file,
    kubeconfigOf(
      SERVER,
      { exec: { ...EXEC, command: "bin/h" } },
      { "certificate-authority": "package.json" },
    ),
  );
  const rule = "is a relative path, which the provider takes from the project's folder";
  const fix = "make it absolute, or name the file with KUBECONFIG instead";
  expect(problemsOf(inSettings(file))).toEqual([
    `kubernetes:kubeconfig: "package.json" ${rule}; ${fix}`,
    `kubernetes:kubeconfig: "bin/h" ${rule}; ${fix}`,
  ]);
  const contents = kubeconfigOf(SERVER, {}, { "certificate-authority": "package.json" });
  expect(problemsOf(inSettings(contents))).toEqual([]);
});
