import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict } from "../support/traffic";
import { Workspace } from "../support/workspace";

/** An image of a registry that refuses connections at once, without a DNS lookup of unknown duration. */
const NO_IMAGE = "127.0.0.1:1/nothing:1";

interface StateResource {
  readonly urn: string;
  readonly customTimeouts?: object;
}

describeReal("a model that cannot start", (cluster) => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "failure",
      cluster,
      config: {
        namespace: "failure",
        models: ["iris"],
        defaults: EXAMPLE_DEFAULTS,
        ingress: { className: "traefik" },
        routing: { pathPrefix: "/failure" },
      },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove("failure"));

  /** The timeouts of a model's Deployment, as the provider got them. */
  function patienceWith(model: string): unknown {
    const { resources } = (
      JSON.parse(fleet.state()) as { checkpoint: { latest: { resources: StateResource[] } } }
    ).checkpoint.latest;
    return resources.find(({ urn }) => urn.endsWith(`:apps/v1:Deployment::${model}`))?.customTimeouts;
  }

  test.each<[string, string, object, RegExp[]]>([
    [
      "an image that cannot be pulled",
      "digits",
      { image: NO_IMAGE },
      [/failure\/broken/, /ErrImagePull|ImagePullBackOff/, /127\.0\.0\.1:1\/nothing:1/],
    ],
    [
      "a server that exits at once",
      "wine",
      { env: { MODEL_NAME: "nobody" } },
      // With the server's last log line.
      [/failure\/broken/, /CrashLoopBackOff|terminated/i, /no model "nobody"/],
    ],
  ])(
    "fails the update with its name and reason, and delays no other model: %s",
    async (_what, other, broken, reasons) => {
      fleet.configure({
        models: ["iris", other, "broken"],
        catalog: { broken: { startupSeconds: 10, ...broken } },
      });
      const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");

      expect(exitCode).not.toBe(0);
      for (const reason of reasons) expect(text).toMatch(reason);
      // What it waited is the model's own budget: the provider's would be ten minutes.
      expect(patienceWith("broken")).toEqual({ create: 10, update: 10 });
      const urls = await fleet.output<Record<string, string>>("urls");
      await eventually(async () => expect((await predict(urls[other] as string, other)).status).toBe(200));
      expect((await predict(urls["iris"] as string, "iris")).status).toBe(200);
    },
  );

  test("is deleted by the update that removes it from the list", async () => {
    fleet.configure({ models: ["iris"], catalog: undefined });
    await fleet.up();
    expect(await fleet.objects()).toEqual([
      "deployment/iris",
      "ingress/modelfleet",
      "middleware/modelfleet-strip-prefix",
      "secret/iris-env",
      "secret/modelfleet-registry",
      "service/iris",
    ]);
  });

  test("keeps its last release serving when only the new one cannot start", async () => {
    fleet.configure({ catalog: { iris: { image: NO_IMAGE, startupSeconds: 10 } } });
    const { exitCode } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    const urls = await fleet.output<Record<string, string>>("urls");
    expect((await predict(urls["iris"] as string, "iris")).status).toBe(200);
  });
});
