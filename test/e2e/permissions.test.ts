import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parse, stringify } from "yaml";
import { ROOT } from "../../lib/paths";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const NAMESPACE = "rights";

/** The YAML of a Role or ClusterRole in docs/own-cluster.md. */
function documentedRole(name: string): string {
  const page = readFileSync(join(ROOT, "docs", "own-cluster.md"), "utf8");
  const [, yaml] = new RegExp(`<!-- role: ${name} -->\\n\`\`\`yaml\\n(.*?)\\n\`\`\``, "s").exec(page) ?? [];
  return (yaml as string).replace("namespace: models", `namespace: ${NAMESPACE}`);
}

describe("a service account", () => {
  let admin: Workspace;
  const accounts = new Map<string, string>();

  beforeAll(async () => {
    admin = await Workspace.create({
      stack: NAMESPACE,
      cluster,
      config: { namespace: NAMESPACE, models: ["iris"], defaults: { image: "registry.example/model:1" } },
    });
    await admin.kubectl("create", "namespace", NAMESPACE);
    await admin.must("config", "set", "--secret", "--path", "secrets.iris.KEY", "not-a-real-key");
  });
  afterAll(async () => {
    await admin.kubectl("delete", "clusterrolebinding", "modelfleet-cluster", "--ignore-not-found");
    await admin.kubectl("delete", "clusterrole", "modelfleet-cluster", "--ignore-not-found");
    await admin.remove(NAMESPACE);
  });

  /** The same workspace with the token of a new service account that has these rights. */
  async function withRights(name: string, ...role: string[]): Promise<Workspace> {
    await admin.kubectl("create", "serviceaccount", name, "-n", NAMESPACE);
    const account = `--serviceaccount=${NAMESPACE}:${name}`;
    await admin.kubectl("create", "rolebinding", name, "-n", NAMESPACE, ...role, account);
    accounts.set(name, account);
    const token = await admin.kubectl("create", "token", name, "-n", NAMESPACE);
    const kubeconfig = parse(readFileSync(cluster.kubeconfig, "utf8")) as { users: { user: object }[] };
    for (const entry of kubeconfig.users) entry.user = { token };
    const file = join(admin.directory, `${name}.kubeconfig`);
    writeFileSync(file, stringify(kubeconfig));
    return admin.with({ KUBECONFIG: file });
  }

  async function withDocumentedRole(name: string): Promise<Workspace> {
    const file = join(admin.directory, `${name}.yaml`);
    writeFileSync(file, documentedRole(name));
    await admin.kubectl("apply", "-f", file);
    return withRights(name, `--role=${name}`);
  }

  test("with the ClusterRole view sees a preview and what it could not look at", async () => {
    const viewer = await withRights("viewer", "--clusterrole=view");
    const text = await viewer.must("preview");
    expect(text).toContain(`may not list secrets in namespace ${NAMESPACE}, so this preview does not show`);
    expect(text).toContain("Deployment iris create");
  });

  test("with the documented Role for updates can deploy a fleet", async () => {
    const deployer = await withDocumentedRole("modelfleet-update");
    expect(await deployer.up()).not.toContain("warning: the account");
    expect(await admin.objects()).toContain("deployment/iris");
  });

  let reviewer: Workspace;

  test("with the documented Role for previews sees a whole preview, and is refused where the cluster lost an object", async () => {
    await admin.kubectl("delete", "service/iris", "-n", NAMESPACE);
    admin.configure({ defaults: { image: "registry.example/model:2" } });
    reviewer = await withDocumentedRole("modelfleet-preview");
    const { exitCode: refused, text } = await reviewer.pulumi("preview");
    expect(refused).not.toBe(0);
    expect(text).not.toContain("so this preview does not show");
    expect(text).toContain("Deployment iris update");
    expect(text).toContain(
      `1 object of the last update is missing in namespace "${NAMESPACE}" of the cluster; nothing was changed; ` +
        "`pulumi up --refresh` creates what is missing:\n      service/iris\n",
    );
    expect(text).not.toMatch(/^\s+at /m);
    expect(await reviewer.must("preview", "--refresh")).toContain("Service iris create");
    // The account that may only read is refused before it changes anything.
    const { exitCode, text: report } = await reviewer.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(report).toContain(`may not watch deployments.apps in namespace ${NAMESPACE}; give it the Role`);
  });

  test("with the documented ClusterRole too finds the cluster's default IngressClass, which it is asked for without", async () => {
    admin.configure({ ingress: undefined });
    const { exitCode, text } = await reviewer.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      "ingress.className: is not set, and the account may not list IngressClasses to find the cluster's default class; " +
        "set it and ingress.controller, or let the account list ingressclasses.networking.k8s.io (docs/own-cluster.md)",
    );
    const file = join(admin.directory, "cluster.yaml");
    writeFileSync(file, documentedRole("modelfleet-cluster"));
    await admin.kubectl("apply", "-f", file);
    const role = ["modelfleet-cluster", "--clusterrole=modelfleet-cluster"];
    await admin.kubectl("create", "clusterrolebinding", ...role, accounts.get("modelfleet-preview") ?? "");
    expect(await reviewer.must("preview", "--refresh")).toContain("Middleware models create");

    // No controller of this cluster serves the class, so the answer about it shows that the account may ask.
    admin.configure({ routing: { flavour: "gateway" }, gateway: { create: true, className: "nobody" } });
    expect((await reviewer.pulumi("preview")).text).toContain(
      'gateway.className: the cluster has no GatewayClass "nobody"; there are traefik',
    );
  });
});
