import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const IMAGE = "registry.example/model:1";
const GOOD = {
  models: ["iris", "wine"],
  defaults: { image: IMAGE },
  catalog: undefined,
  secrets: undefined,
  ingress: undefined,
  modles: undefined,
};

describe("bad input", () => {
  let fleet: Workspace;
  /** Everything that an update could have changed, with the version of each object. */
  const versions = () =>
    fleet.kubectl(
      ...["get", "deployments,services,secrets,ingresses", "-n", "bad", "-o"],
      'jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.resourceVersion}{"\\n"}{end}',
    );

  beforeAll(async () => {
    fleet = await Workspace.create({ stack: "bad", cluster, config: { namespace: "bad", ...GOOD } });
    await fleet.up();
  });
  afterAll(() => fleet.remove("bad"));

  test.each<[string, Record<string, unknown>, string]>([
    ["an invalid model ID", { models: "iris,Iris_V2" }, 'models[1]: "Iris_V2" is not a valid model ID'],
    ["the nearest valid ID", { models: "Iris_V2" }, 'did you mean "iris-v2"?'],
    ["a duplicate", { models: "iris,iris" }, 'models[1]: "iris" is listed already as models[0]'],
    ["an ID that is too long", { models: "m".repeat(64) }, "a Service's name takes at most 63"],
    ["an ID that collides", { models: "modelfleet-default-backend" }, "which is the fleet's own"],
    ["a list that is none", { models: { iris: 1 } }, "is not a list"],
    ["a list item that is none", { models: ["iris", 7] }, "models[1]: 7 is not a text"],
    ["an unknown key", { modles: ["iris"] }, 'modles: unknown key; did you mean "models"?'],
    [
      "an unknown key of a model",
      { catalog: { iris: { prot: 1 } } },
      'catalog.iris.prot: unknown key; did you mean "port"?',
    ],
    ["a catalog entry that is not a map", { catalog: { iris: "x" } }, 'catalog.iris: "x" is not a map'],
    ["a missing image", { defaults: undefined }, "catalog.iris.image: is missing"],
    ["a wrong type", { catalog: { iris: { args: "--x" } } }, 'catalog.iris.args: "--x" is not a list'],
    [
      "a value out of range",
      { catalog: { iris: { port: 70000 } } },
      "catalog.iris.port: 70000 is more than 65535",
    ],
    ["a secret in plain text", { secrets: { iris: { KEY: "plain-4711" } } }, "secrets: stands in plain text"],
    [
      "overlapping paths",
      { catalog: { iris: { path: "/models/wine/x" } } },
      'lies inside the path of "wine"',
    ],
    [
      "an unknown ingress class",
      { ingress: { className: "other" } },
      'ingress.className: "other" does not say which controller',
    ],
  ])("fails a preview with one report and no stack trace: %s", async (_what, config, message) => {
    const before = await versions();
    fleet.configure({ ...GOOD, ...config });
    const { exitCode, text } = await fleet.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain("in the stack's settings; nothing was changed:");
    expect(text).toContain(message);
    expect(text).not.toMatch(/^\s+at /m);
    expect(text).not.toContain("plain-4711");
    expect(await versions()).toBe(before);
  });

  test("fails an update with all problems at once, and changes nothing", async () => {
    const before = await versions();
    fleet.configure({ ...GOOD, models: "iris,Wine,iris", catalog: { iris: { port: "x", replicas: -1 } } });
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain("4 problems in the stack's settings; nothing was changed:");
    expect(await versions()).toBe(before);
  });
});

describe("a cluster that cannot be had", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ["does not answer", { KUBECONFIG: "DEAD" }, /the cluster at https:\/\/127\.0\.0\.1:1 does not answer/],
    ["has no kubeconfig", { KUBECONFIG: "/nonexistent" }, /the kubeconfig cannot be read \(.*nonexistent/],
  ])("fails a preview in one sentence where it %s", async (_what, env, message) => {
    const { writeFileSync } = await import("node:fs");
    const { join } = await import("node:path");
    const config = { models: ["iris"], defaults: { image: IMAGE } };
    const fleet = await Workspace.create({ stack: "dead", cluster, config });
    const dead = join(fleet.directory, "dead");
    const user = { name: "u", user: {} };
    const place = { name: "c", cluster: { server: "https://127.0.0.1:1" } };
    const context = { name: "x", context: { cluster: "c", user: "u" } };
    const kubeconfig = { "current-context": "x", clusters: [place], users: [user], contexts: [context] };
    writeFileSync(dead, JSON.stringify(kubeconfig));
    const { exitCode, text } = await fleet
      .with({ ...env, ...(env["KUBECONFIG"] === "DEAD" && { KUBECONFIG: dead }) })
      .pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toMatch(message);
    expect(text).not.toMatch(/^\s+at /m);
    await fleet.remove();
  });
});
