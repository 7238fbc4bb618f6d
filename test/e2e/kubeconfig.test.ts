import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parse, stringify } from "yaml";
import { ensureTools } from "../../dev/toolchain/ensure";
import { chosenAccess } from "../../kubernetes/access";
import { clusterEntry, userEntry } from "../../kubernetes/kubeconfig-schema";
import { ROOT } from "../../lib/paths";
import { UserError } from "../../lib/user-error";
import { ALL_KINDS, Workspace } from "../support/workspace";

const folder = mkdtempSync(join(tmpdir(), "modelfleet-kubeconfig-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A kubeconfig with one context, whose name is that of its cluster and its user too. */
function kubeconfig(name: string, server: string, user: object = { token: `token of ${server}` }): string {
  return JSON.stringify({
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user }],
  });
}

const FILES: Readonly<Record<string, string>> = {
  "a/config": kubeconfig("a", "https://a.example"),
  "b/config": kubeconfig("b", "https://b.example"),
  "a-elsewhere": kubeconfig("a", "https://elsewhere.example", { token: "another" }),
  "only-context": JSON.stringify({
    "current-context": "mixed",
    contexts: [{ name: "mixed", context: { cluster: "b", user: "a" } }],
  }),
  "no-current": JSON.stringify({
    ...(JSON.parse(kubeconfig("c", "https://c.example")) as object),
    "current-context": "",
  }),
  "unknown-current": JSON.stringify({ "current-context": "nobody" }),
  twice: JSON.stringify({ clusters: [{ name: "a" }, { name: "a" }] }),
  number: "users: [{ name: a, user: { token: 12345 } }]",
  deployment: "apiVersion: apps/v1\nkind: Deployment\n",
  broken: "clusters: [\n",
  yaml: `current-context: w
contexts: [{ name: w, context: { cluster: w, user: w } }, { name: other }]
clusters: [{ name: w, cluster: { server: https://w.example, insecure-skip-tls-verify: yes, unknown: 1 } }, { name: z, cluster: }]
users: [{ name: x, user: &x { token: 2024-05-01, as: 12:30 } }, { name: w, user: { <<: *x, as-uid: u } }]
`,
  "yaml-boolean": "users: [{ name: y }]",
  comments: "# nothing\n",
  null: "clusters:\nusers:\ncontexts:\ncurrent-context:\n",
  empty: "",
  "home/.kube/config": kubeconfig("h", "https://home.example"),
};

beforeAll(() => {
  mkdirSync(join(folder, "first"));
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});

/** What kubectl takes for a KUBECONFIG; undefined if it fails. */
async function kubectlView(environment: Readonly<Record<string, string>>, context: string | undefined) {
  const { kubectl } = await ensureTools(["kubectl"]);
  const args = [
    "config",
    "view",
    "--raw",
    "--minify",
    "-o",
    "json",
    ...(context ? ["--context", context] : []),
  ];
  const { failed, stdout } = await execa(kubectl, args, { env: environment, cwd: folder, reject: false });
  if (failed) return undefined;
  const view = JSON.parse(stdout) as { clusters: [{ cluster: unknown }]; users: [{ user: unknown }] };
  return { cluster: clusterEntry.parse(view.clusters[0].cluster), user: userEntry.parse(view.users[0].user) };
}

/** What the ownership check takes; undefined if it fails. */
function oursFor(environment: Readonly<Record<string, string>>, context: string | undefined) {
  try {
    const { cluster, user } = chosenAccess({ kubeconfig: undefined, context, environment });
    return { cluster, user };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

describe("the ownership check reads a list of kubeconfigs as kubectl does:", () => {
  test.each<[kubeconfig: string, context: string | undefined, taken: string | undefined]>([
    ["a/config", undefined, "a"],
    ["a/config:b/config", undefined, "a"],
    ["b/config:a/config", undefined, "b"],
    ["b/config:a/config", "a", "a"],
    ["a/config:b/config", "nobody", undefined],
    ["a-elsewhere:a/config", undefined, "elsewhere"],
    ["a/config:a-elsewhere", undefined, "a"],
    ["missing:a/config", undefined, "a"],
    ["empty:missing:comments:null::b/config:b/config", undefined, "b"],
    ["only-context:a/config:b/config", undefined, "b"],
    ["no-current:a/config", undefined, "a"],
    ["no-current", undefined, undefined],
    ["no-current", "c", "c"],
    ["unknown-current:a/config", undefined, undefined],
    ["unknown-current:a/config", "a", "a"],
    ["yaml", undefined, "w"],
    ["yaml-boolean:a/config", undefined, undefined],
    ["twice:a/config", undefined, undefined],
    ["number:a/config", undefined, undefined],
    ["deployment:a/config", undefined, undefined],
    ["broken:a/config", undefined, undefined],
    ["a/config:broken", undefined, undefined],
    ["a/config/x:b/config", undefined, undefined],
    ["missing", undefined, undefined],
    ["", undefined, "home"],
    [":", undefined, undefined],
    ["~/config:a/config", undefined, "a"],
  ])("%j with the context %j takes the server of %j", async (list, context, taken) => {
    const paths = list.split(":").map((name) => (/^[a-z]/.test(name) ? join(folder, name) : name));
    const environment = { KUBECONFIG: paths.join(":"), HOME: join(folder, "home") };
    const ours = oursFor(environment, context);
    expect(ours?.cluster.server).toBe(taken && `https://${taken}.example`);
    expect(ours).toEqual(await kubectlView(environment, context));
  });
});

describe("with the kubeconfigs of two clusters, each with a current context,", () => {
  const [first, second] = [inject("simulated").kubeconfig, inject("real").kubeconfig];
  let fleet: Workspace;
  const inSecond = (...args: string[]) =>
    fleet.with({ KUBECONFIG: second }).kubectl(...args, "-n", "merged", "-o", "name");

  beforeAll(async () => {
    const cluster = { kubeconfig: list(), ingressUrl: undefined };
    const config = { namespace: "merged", models: ["iris"], defaults: { image: "registry.example/model:1" } };
    fleet = await Workspace.create({ stack: "merged", cluster, config });
  });
  afterAll(() => fleet.remove("merged"));

  /** The first cluster's kubeconfig has relative paths, and stands after a missing and an empty one. */
  function list(): string {
    const file = join(folder, "first", "config");
    const config = parse(readFileSync(first, "utf8")) as Record<
      string,
      [Record<string, Record<string, string>>]
    >;
    const paths = ["certificate-authority", "client-certificate", "client-key"];
    for (const entry of [config["clusters"]?.[0]["cluster"], config["users"]?.[0]["user"]]) {
      for (const path of paths.filter((key) => entry?.[key])) {
        copyFileSync(entry?.[path] ?? "", join(folder, "first", path));
        if (entry) entry[path] = path;
      }
    }
    writeFileSync(file, stringify(config));
    return [join(folder, "missing"), join(folder, "empty"), file, second].join(":");
  }

  test("the check and the update take the first one's cluster, so that another team's object stays as it is", async () => {
    await fleet.kubectl("create", "namespace", "merged");
    await fleet.kubectl("create", "service", "clusterip", "iris", "--tcp=80", "-n", "merged");
    const look = () =>
      fleet.kubectl("get", "service", "iris", "-n", "merged", "-o", "yaml", "--show-managed-fields");
    const theirs = await look();
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(`service/iris in namespace "merged": exists already and was not made by this stack`);
    expect(await look()).toBe(theirs);
    await fleet.kubectl("delete", "service", "iris", "-n", "merged");
    await fleet.up();
    expect(await fleet.objects()).toContain("service/iris");
    expect(await inSecond("get", ALL_KINDS)).toBe("");
  });

  test("a destroy that runs the program says which user is missing, where the provider would wait for a user name", async () => {
    const file = join(folder, "no-user");
    writeFileSync(file, stringify({ ...(parse(readFileSync(first, "utf8")) as object), users: [] }));
    const destroy = ["destroy", "--run-program", "--yes", "--skip-preview"];
    const { exitCode, text } = await fleet.with({ KUBECONFIG: file }).pulumi(...destroy);
    expect(exitCode).not.toBe(0);
    expect(text).toContain(`1 problem in the kubeconfig (KUBECONFIG=${file}); nothing was changed:`);
    expect(text).toMatch(/contexts\..*\.user: ".*" is not the name of a user; add it with/);
    expect(text).not.toMatch(/^\s+at /m);
  });

  test("a fleet whose cluster is gone for good is dropped as docs/own-cluster.md says", async () => {
    const [, command = ""] =
      /^(KUBECONFIG=\/dev\/null .*)$/m.exec(readFileSync(join(ROOT, "docs/own-cluster.md"), "utf8")) ?? [];
    const { exitCode, text } = await fleet.shell(`${command} --skip-preview`);
    expect(exitCode, text).toBe(0);
    expect(JSON.parse(fleet.state())).not.toHaveProperty("checkpoint.latest.resources");
    expect(await fleet.objects()).toContain("service/iris");
  });
});
