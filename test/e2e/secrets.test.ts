import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { Workspace } from "../support/workspace";

const FIRST = "first-secret-value-4711";
const SECOND = "second-secret-value-4712";
const PASSWORD = "registry-password-4713";

describeReal("a secret", (cluster) => {
  let fleet: Workspace;
  /** Everything that any command printed. */
  const printed: string[] = [];
  const pulumi = async (...args: string[]) => {
    const text = await fleet.must(...args);
    printed.push(text);
    return text;
  };

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "secrets",
      cluster,
      config: {
        namespace: "secrets",
        models: ["iris", "wine"],
        defaults: EXAMPLE_DEFAULTS,
        registry: { server: "registry.example", username: "reader" },
        ingress: { className: "traefik" },
        routing: { pathPrefix: "/secrets" },
      },
    });
    await pulumi("config", "set", "--secret", "--path", "registry.password", PASSWORD);
    await pulumi("config", "set", "--secret", "--path", "secrets.iris.API_KEY", FIRST);
    await pulumi("up", "--yes", "--diff");
  });
  afterAll(() => fleet.remove("secrets"));

  /** Name of the pod of each model, without those that are terminating. */
  const pods = async () => {
    interface Pod {
      readonly metadata: {
        readonly name: string;
        readonly labels: Record<string, string>;
        readonly deletionTimestamp?: string;
      };
    }
    const { items } = JSON.parse(await fleet.kubectl("get", "pods", "-n", "secrets", "-o", "json")) as {
      items: Pod[];
    };
    const staying = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    return Object.fromEntries(
      staying.map(({ metadata }) => [metadata.labels["app.kubernetes.io/name"] ?? "", metadata.name]),
    );
  };
  /** Names of the versions of a Secret. */
  const versions = async (name: string) => {
    const names = await fleet.kubectl(
      "get",
      "secrets",
      "-n",
      "secrets",
      "-o",
      "jsonpath={.items[*].metadata.name}",
    );
    return names.split(" ").filter((one) => new RegExp(`^${name}-[0-9a-f]{10}$`).test(one));
  };
  const valueIn = async (version: string | undefined, key: string) => {
    const path = `jsonpath={.data.${key.replaceAll(".", "\\.")}}`;
    const data = await fleet.kubectl("get", `secret/${version ?? ""}`, "-n", "secrets", "-o", path);
    return Buffer.from(data, "base64").toString();
  };
  /** The value in the only version of a Secret. */
  const secret = async (name: string, key: string) => {
    const [version, ...more] = await versions(name);
    expect(more).toEqual([]);
    return valueIn(version, key);
  };

  test("is in the model's Secret, or in the pull Secret if it is the registry's password", async () => {
    expect(await secret("iris-env", "API_KEY")).toBe(FIRST);
    expect(JSON.parse(await secret("modelfleet-registry", ".dockerconfigjson"))).toMatchObject({
      auths: { "registry.example": { username: "reader", password: PASSWORD } },
    });
  });

  test("restarts only its model after a change, and the next update deletes its former value", async () => {
    const before = await pods();
    await pulumi("config", "set", "--secret", "--path", "secrets.iris.API_KEY", SECOND);
    // With its preview: `--diff` prints both.
    await pulumi("up", "--yes", "--diff");
    const after = await pods();
    expect(Object.keys(after).sort()).toEqual(["iris", "wine"]);
    expect(after["wine"]).toBe(before["wine"]);
    expect(after["iris"]).not.toBe(before["iris"]);
    const last = await pulumi("up", "--yes");
    expect(last).toMatch(/no pod needs secret\/iris-env-\w+; the update deletes it/);
    expect(last).toMatch(/deleted secret\/iris-env-\w+, which no pod needs/);
    expect(await secret("iris-env", "API_KEY")).toBe(SECOND);
  });

  test("makes the preview fail if it would not stay secret, and its value is not shown", async () => {
    const refuses = async (path: string, secret: boolean, message: string) => {
      await fleet.must("config", "set", "--path", path, "not-to-be-shown", ...(secret ? ["--secret"] : []));
      const { exitCode, text } = await fleet.pulumi("preview");
      await fleet.must("config", "rm", "--path", path);
      expect(exitCode).not.toBe(0);
      expect(text).toContain(message);
      expect(text).not.toContain("not-to-be-shown");
    };
    await refuses("secrets.iris.DATABASE_URL", false, "secrets.iris.DATABASE_URL: is not encrypted");
    await refuses("catalog.iris.env.DATABASE_URL", true, "catalog: holds an encrypted value");
  });

  test("is nowhere in plain text: not in the state, the outputs, the diffs, the logs or the settings", async () => {
    printed.push(
      await fleet.must("stack", "output", "--json"),
      await fleet.must("up", "--yes", "--refresh", "--diff"),
    );
    const settings = readFileSync(fleet.settingsFile, "utf8");
    const everything = [...printed, fleet.state(), settings].join("\n");
    expect(everything.length).toBeGreaterThan(10_000);
    // In plain text, as base64 in a Secret, and inside the registry's Secret.
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const plain = [FIRST, SECOND, PASSWORD];
    const credentials = base64(`reader:${PASSWORD}`);
    const stored = base64(await secret("modelfleet-registry", ".dockerconfigjson"));
    for (const text of [...plain, ...plain.map(base64), credentials, stored]) {
      expect(text.length).toBeGreaterThan(10);
      expect(everything).not.toContain(text);
    }
  });
});
