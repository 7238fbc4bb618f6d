import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { predict } from "../support/traffic";
import { Workspace } from "../support/workspace";

const KEY = "key-of-a-model-4711";

describeReal("a verb of the command line", (cluster) => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "verbs",
      cluster,
      config: {
        namespace: "verbs",
        models: ["iris"],
        defaults: EXAMPLE_DEFAULTS,
        ingress: { className: "traefik" },
      },
    });
  });
  afterAll(() => fleet.remove("verbs"));

  const modelfleet = (args: readonly string[], input?: string) => fleet.modelfleet(args, input);
  const settings = () => readFileSync(fleet.settingsFile, "utf8");

  test("deploy adds a model with its settings and its secret, waits for its answer, and prints its URL", async () => {
    const args = ["deploy", "flowers", "--set", "env.MODEL_NAME=iris", "--secret", "API_KEY", "--yes"];
    const { exitCode, stdout, text } = await modelfleet(args, `${KEY}\n`);
    expect(exitCode, text).toBe(0);
    expect(text).toContain("models: added flowers");
    const [, url = ""] = /^flowers {2}(http\S+)$/m.exec(stdout) ?? [];
    expect((await predict(url, "iris")).status).toBe(200);
    expect(settings()).toMatch(/- flowers\n(.*\n)+.*MODEL_NAME: iris\n(.*\n)+.*API_KEY:\n +secure: v1:/);
    expect(text + settings()).not.toContain(KEY);
    const secrets = await fleet.kubectl(
      "get",
      "secrets",
      "-n",
      "verbs",
      "-o",
      "jsonpath={.items[*].data.API_KEY}",
    );
    expect(Buffer.from(secrets.trim(), "base64").toString()).toBe(KEY);
  });

  test("deploy of wrong settings leaves the file as it was, and changes nothing", async () => {
    const before = settings();
    const { exitCode, text } = await modelfleet(["deploy", "wine", "--set", "replica=2", "--yes"]);
    expect(exitCode).toBe(1);
    expect(text).toContain('catalog.wine.replica: unknown key; did you mean "replicas"?');
    expect(settings()).toBe(before);
  });

  test("update-ingress makes the list exactly what it says", async () => {
    const { exitCode, text } = await modelfleet(["update-ingress", "iris,wine", "--yes"]);
    expect(exitCode, text).toBe(0);
    expect(text).toContain("catalog.flowers: stays, for its return (--purge removes it)");
    expect(await fleet.objects()).toContain("deployment/wine");
    expect(await fleet.objects()).not.toContain("deployment/flowers");
  });

  test("delete takes a model off, names the nearest one of a wrong ID, and asks where nobody sees it only with --yes", async () => {
    expect(await modelfleet(["delete", "wines", "--yes"])).toMatchObject({
      exitCode: 2,
      text: expect.stringContaining(
        '"wines" is not in the list of active models; did you mean "wine"?',
      ) as string,
    });
    expect(await modelfleet(["delete", "wine"])).toMatchObject({
      exitCode: 2,
      text: expect.stringContaining("there is no terminal to ask on; give --yes") as string,
    });
    const { exitCode, stdout, text } = await modelfleet(["delete", "wine", "--yes", "--json"]);
    expect(exitCode, text).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      stack: "verbs",
      settings: ["models: removed wine"],
      diff: { models: [{ id: "wine", kind: "deleted" }] },
      done: true,
    });
    expect(await fleet.objects()).not.toContain("deployment/wine");
  });
});
