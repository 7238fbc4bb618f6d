import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict } from "../support/traffic";
import { Workspace } from "../support/workspace";

/** The last good release, after a change of secrets that keeps new pods from starting. */
describeReal("the last good release", (cluster) => {
  let fleet: Workspace;
  let url: string;
  const get = (kind: string, path: string, ...args: string[]) =>
    fleet.kubectl("get", kind, "-n", "last", ...args, "-o", `jsonpath=${path}`);

  /** The pods of iris: the Secret versions of each, and whether it is serving. */
  const pods = async () => {
    const path =
      "{range .items[?(@.metadata.labels.app\\.kubernetes\\.io/name=='iris')]}" +
      "{.metadata.name} {.spec.containers[0].envFrom[0].secretRef.name} {.spec.imagePullSecrets[0].name} " +
      '{.status.containerStatuses[0].ready} {.metadata.deletionTimestamp}{"\\n"}{end}';
    return (await get("pods", path))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split(" "))
      .map(([name = "", secret = "", pullSecret = "", ready, deleted]) => ({
        name,
        secret,
        pullSecret,
        isServing: ready === "true" && !deleted,
      }));
  };
  const serving = async () => (await pods()).filter(({ isServing }) => isServing);
  const secrets = async () =>
    (await get("secrets", "{.items[*].metadata.name}"))
      .split(" ")
      .filter((name) => /-[0-9a-f]{10}$/.test(name));
  const setSecret = (path: string, value: string) =>
    fleet.must("config", "set", "--secret", "--path", path, value);

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "last",
      cluster,
      config: {
        namespace: "last",
        models: ["iris"],
        defaults: EXAMPLE_DEFAULTS,
        registry: { server: "registry.example", username: "reader" },
        ingress: { className: "traefik" },
        routing: { pathPrefix: "/last" },
      },
    });
    await setSecret("registry.password", "first-password");
    // The example server reports its version, so a prediction shows which secrets its pod has.
    await setSecret("secrets.iris.MODEL_VERSION", "good");
    await fleet.up();
    url = (await fleet.output<Record<string, string>>("urls"))["iris"] ?? "";
    await eventually(async () => expect((await predict(url, "iris")).version).toBe("good"));
  });
  afterAll(() => fleet.remove("last"));

  test("comes back with its secrets when its pod is deleted, though new pods fail", async () => {
    const [before] = await serving();
    const known = await secrets();
    await setSecret("secrets.iris.MODEL_VERSION", "bad");
    await setSecret("registry.password", "second-password");
    fleet.configure({ catalog: { iris: { env: { MODEL_NAME: "nobody" }, startupSeconds: 6 } } });
    expect((await fleet.pulumi("up", "--yes", "--skip-preview")).exitCode).not.toBe(0);
    expect((await secrets()).length).toBe(known.length + 2);

    // A drain of its node does the same.
    await fleet.kubectl("delete", "pod", "-n", "last", before?.name ?? "", "--wait=false");
    await eventually(async () => {
      const now = (await serving()).filter(({ name }) => name !== before?.name);
      expect(now).toEqual([{ ...before, name: expect.any(String) as string, isServing: true }]);
      expect((await predict(url, "iris")).version).toBe("good");
    });
  });

  test("keeps its secrets through two further updates that fail, the first of which removes the registry", async () => {
    await setSecret("secrets.iris.MODEL_VERSION", "worse");
    fleet.configure({ registry: undefined });
    for (let attempt = 1; attempt <= 2; attempt += 1)
      expect((await fleet.pulumi("up", "--yes", "--skip-preview")).exitCode).not.toBe(0);
    const [now] = await serving();
    expect(await secrets()).toEqual(expect.arrayContaining([now?.secret, now?.pullSecret]));
    expect((await predict(url, "iris")).version).toBe("good");
  });

  test("gives its secrets up once a new release serves and another update has come", async () => {
    fleet.configure({ catalog: undefined });
    await fleet.up();
    await eventually(async () => expect((await predict(url, "iris")).version).toBe("worse"));
    // An update keeps the Secrets that its pods need until the pods are gone.
    await eventually(async () => {
      await fleet.up();
      const [now] = await serving();
      expect(await secrets()).toEqual([now?.secret]);
    });
  });

  test("leaves no Secret behind when its model leaves the list", async () => {
    // Secrets of a model that is neither listed nor in the catalog are a problem.
    fleet.configure({ models: [], secrets: undefined });
    await fleet.up();
    await eventually(async () => expect(await get("secrets", "{.items[*].metadata.name}")).toBe(""));
  });
});
