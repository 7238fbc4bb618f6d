import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ALL_KINDS, Workspace } from "../support/workspace";

const cluster = inject("simulated");
const IMAGE = "registry.example/model:1";
const GOOD = {
  models: ["iris", "wine"],
  defaults: { image: IMAGE },
  catalog: { wine: { protect: true } },
  secrets: undefined,
  ingress: undefined,
  modles: undefined,
  "kubernetes:namespace": undefined,
};

describe("bad input", () => {
  let fleet: Workspace;
  /** The objects that an update could have changed, each with its version. */
  const versions = () =>
    fleet.kubectl(
      ...["get", ALL_KINDS, "-n", "bad", "-o"],
      'jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.resourceVersion}{"\\n"}{end}',
    );

  beforeAll(async () => {
    fleet = await Workspace.create({ stack: "bad", cluster, config: { namespace: "bad", ...GOOD } });
    await fleet.up();
  });
  afterAll(() => fleet.remove("bad"));

  // test/unit/config asserts every message word by word. This test asserts that a preview shows them and nothing else.
  test.each<[string, Record<string, unknown>, string[]]>([
    [
      "all problems of the settings in one report",
      {
        models: "iris,Iris_V2,iris",
        modles: ["iris"],
        ingress: { host: "models.example" },
        "kubernetes:namespace": "bad",
      },
      [
        "5 problems in the stack's settings; nothing was changed:",
        "kubernetes:namespace: has no effect; only kubernetes:context and kubernetes:kubeconfig have one",
        'models[1]: "Iris_V2" is not a valid model ID',
        'did you mean "iris-v2"?',
        'models[2]: "iris" is listed already as models[0]',
        'modles: unknown key; did you mean "models"?',
        "ingress.host: unknown key; it has moved to routing.host",
      ],
    ],
    [
      "no value of a secret in plain text",
      { secrets: { iris: { KEY: "plain-4711" } } },
      ["1 problem in the stack's settings; nothing was changed:", "secrets: is not encrypted"],
    ],
  ])("makes a preview fail and shows %s", async (_what, config, messages) => {
    const before = await versions();
    fleet.configure({ ...GOOD, ...config });
    const { exitCode, text } = await fleet.pulumi("preview");
    expect(exitCode).not.toBe(0);
    for (const message of messages) expect(text).toContain(message);
    expect(text).not.toMatch(/^\s+at /m);
    expect(text).not.toContain("plain-4711");
    expect(await versions()).toBe(before);
  });

  test("makes an update fail and changes nothing", async () => {
    const before = await versions();
    fleet.configure({ ...GOOD, models: "iris,Wine,iris", catalog: { iris: { port: "x", replicas: -1 } } });
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain("4 problems in the stack's settings; nothing was changed:");
    expect(await versions()).toBe(before);
  });

  test("deletes no protected model, and not most of a fleet", async () => {
    const before = await versions();
    fleet.configure({ ...GOOD, models: [], catalog: undefined });
    const up = await fleet.with({ MODELFLEET_MAX_DELETIONS: "" }).pulumi("up", "--yes", "--skip-preview");
    expect(up.exitCode).not.toBe(0);
    expect(up.text).toContain("models: wine is protected, and the update would delete it");
    expect(up.text).toContain("models: the update would delete 2 of 2 models (iris, wine), and at most 1");
    fleet.configure(GOOD);
    const destroy = await fleet.pulumi("destroy", "--yes");
    expect(destroy.exitCode).not.toBe(0);
    expect(destroy.text).toMatch(/wine.*protect/s);
    expect(await versions()).toBe(before);
  });
});

test("a stack's name that is not a label value makes a preview fail with one message", async () => {
  const config = { namespace: "bad-name", models: "iris", defaults: { image: IMAGE } };
  const fleet = await Workspace.create({ stack: "_tmp", cluster, config });
  const { exitCode, text } = await fleet.pulumi("preview");
  await fleet.remove("bad-name");
  expect(exitCode).not.toBe(0);
  expect(text).toContain('stack: "_tmp" cannot be the value of a label');
  expect(text).toContain("pulumi stack rename");
  expect(text).not.toMatch(/^\s+at /m);
});

describe("a cluster that does not answer or is not configured", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ["does not answer", { KUBECONFIG: "DEAD" }, /the cluster at https:\/\/127\.0\.0\.1:1 does not answer/],
    [
      "has no kubeconfig",
      { KUBECONFIG: "/nonexistent" },
      /no cluster is configured \(KUBECONFIG=\/nonexistent has/,
    ],
  ])("makes a preview fail with one sentence if it %s", async (_what, env, message) => {
    const { writeFileSync } = await import("node:fs");
    const { join } = await import("node:path");
    const config = { models: ["iris"], defaults: { image: IMAGE } };
    const fleet = await Workspace.create({ stack: "dead", cluster, config });
    const dead = join(fleet.directory, "dead");
    const user = { name: "u", user: { token: "t" } };
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
