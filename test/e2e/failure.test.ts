import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS, NO_IMAGE, running } from "../support/clusters";
import { eventually, predict } from "../support/traffic";
import { Workspace } from "../support/workspace";

const FIRST_KEY = "first-key-of-a-server-4711";
const SECOND_KEY = "second-key-of-a-server-4712";

/** Settings of models that cannot start, by ID. */
const BROKEN = {
  "unknown-image": { startupSeconds: 10, image: NO_IMAGE },
  crashes: { startupSeconds: 10, env: { MODEL_NAME: "nobody" } },
  "too-large": { startupSeconds: 10, resources: { limits: { memory: "2Gi" } } },
  "never-ready": { startupSeconds: 10, readiness: { path: "/nothing" }, env: { MODEL_NAME: "iris" } },
  leaks: { startupSeconds: 10 },
};

const LIMIT_RANGE = {
  ...{ apiVersion: "v1", kind: "LimitRange", metadata: { name: "x" } },
  spec: { limits: [{ type: "Container", max: { memory: "1Gi" } }] },
};

/** The reports of models that are not ready, by ID. */
function reportsIn(text: string): Record<string, string> {
  const parts = text.slice(text.indexOf("Diagnostics:")).split(/error: model "([^"]+)" is not ready/);
  return Object.fromEntries(
    parts.flatMap((part, index) => (index % 2 === 1 ? [[part, parts[index + 1] ?? ""]] : [])),
  );
}

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

  /** Neither the text nor the state has a key, in plain text or as base64. */
  function expectNoKey(text: string): void {
    const everything = text + fleet.state();
    for (const key of [FIRST_KEY, SECOND_KEY]) {
      expect(everything).not.toContain(key);
      for (const shift of ["", "x", "x:"])
        expect(everything).not.toContain(
          Buffer.from(shift + key)
            .toString("base64")
            .slice(4, -4),
        );
    }
  }

  /** The timeouts of a model's Deployment, as the provider got them. */
  function patienceWith(model: string): unknown {
    const { resources } = (
      JSON.parse(fleet.state()) as { checkpoint: { latest: { resources: StateResource[] } } }
    ).checkpoint.latest;
    return resources.find(({ urn }) => urn.endsWith(`:apps/v1:Deployment::${model}`))?.customTimeouts;
  }

  /** Environment by which the example server prints these secrets of its own in two forms, and ends. */
  const printing = (...names: readonly string[]) => {
    const values = names.map((name) => `process.env.${name}`).join();
    const script = `for(const v of [${values}])console.error("key="+v,"base64="+btoa("x:"+v));process.exit(3)`;
    return running(script);
  };

  test("fails the update with its name, the cause and the fix, and delays no other model", async () => {
    const { exitCode: applied } = await fleet.shell(
      `kubectl apply -n failure -f - <<< '${JSON.stringify(LIMIT_RANGE)}'`,
    );
    expect(applied).toBe(0);
    await fleet.must("config", "set", "--secret", "--path", "secrets.leaks.API_KEY", FIRST_KEY);
    fleet.configure({
      models: ["iris", "wine", ...Object.keys(BROKEN)],
      catalog: { ...BROKEN, leaks: { ...BROKEN.leaks, env: printing("API_KEY") } },
    });
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");

    expect(exitCode).not.toBe(0);
    const reports = reportsIn(text);
    expect(Object.keys(reports).sort()).toEqual(Object.keys(BROKEN).sort());
    expect(reports["unknown-image"]).toMatch(/why: pod unknown-image-\S+: (ErrImagePull|ImagePullBackOff): /);
    expect(reports["unknown-image"]).toContain(NO_IMAGE);
    expect(reports["unknown-image"]).toContain("fix: correct catalog.unknown-image.image");
    expect(reports["crashes"]).toMatch(/its container ended with exit code 1 \(Error\)/);
    expect(reports["crashes"]).toMatch(/the end of its log:\n +error: no model "nobody": /);
    expect(reports["too-large"]).toMatch(
      /the API server refuses its pods: .* maximum memory usage per Container is 1Gi/,
    );
    expect(reports["too-large"]).toContain(
      "fix: set catalog.too-large.resources to what the LimitRange allows",
    );
    expect(reports["never-ready"]).toMatch(
      /Unhealthy: Startup probe failed: HTTP probe failed with statuscode: 404/,
    );
    expect(reports["never-ready"]).toContain("fix: correct catalog.never-ready.readiness.path");
    expect(reports["leaks"]).toMatch(/key=\[secret\] base64=\S*\[secret\]/);
    // What it waited is the model's own budget: the provider's would be ten minutes.
    expect(patienceWith("crashes")).toMatchObject({ create: 10, update: 10 });
    const urls = await fleet.output<Record<string, string>>("urls");
    await eventually(async () => expect((await predict(urls["wine"] as string, "wine")).status).toBe(200));
    expect((await predict(urls["iris"] as string, "iris")).status).toBe(200);
    expectNoKey(text);
  });

  test("has none of its secrets shown, neither the former nor the new ones, however it prints them", async () => {
    await fleet.must("config", "set", "--secret", "--path", "secrets.leaks.API_KEY", SECOND_KEY);
    fleet.configure({
      models: ["iris", "leaks"],
      catalog: { leaks: { ...BROKEN.leaks, env: printing("API_KEY") } },
    });
    const outcomes = [
      // Previews first.
      await fleet.pulumi("up", "--yes", "--refresh", "--diff"),
      await fleet.pulumi("refresh", "--yes", "--diff"),
    ];
    expect(outcomes[0]?.text).toMatch(/key=\[secret\] base64=\S*\[secret\]/);
    expectNoKey(outcomes.map(({ text }) => text).join("\n"));
  });

  test("is deleted by the update that removes it from the list", async () => {
    fleet.configure({ models: ["iris"], catalog: undefined, secrets: undefined });
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

  test("keeps no other model from being deleted, and the update after it fails too", async () => {
    fleet.configure({ models: ["iris", "wine"], catalog: undefined });
    await fleet.up();
    const broken = { "unknown-image": BROKEN["unknown-image"] };
    fleet.configure({ models: ["iris", "unknown-image"], catalog: broken });
    const first = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(first.exitCode).not.toBe(0);
    expect(first.text).toContain("unknown-image: not ready; an error of each says why");
    expect(await fleet.objects()).not.toContain("deployment/wine");
    const second = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(second.exitCode).not.toBe(0);
    expect(Object.keys(reportsIn(second.text))).toEqual(["unknown-image"]);
    // Which runs the program too, and fails for no model.
    await fleet.must("refresh", "--yes", "--skip-preview", "--run-program");
  });

  test("leaves the stack's outputs as they were when the update is interrupted while it waits", async () => {
    fleet.configure({ models: ["iris", "wine"], catalog: undefined });
    await fleet.up();
    fleet.configure({
      models: ["iris", "slow"],
      catalog: { slow: { image: NO_IMAGE, startupSeconds: 600 } },
    });
    const { text } = await fleet.shell(
      "timeout --signal INT 25 pulumi up --yes --skip-preview --non-interactive || true",
    );
    expect(text).toContain("waiting for the pods of slow");
    expect(text).toContain("update canceled");
    expect(Object.keys(await fleet.output<Record<string, string>>("urls"))).toEqual(["iris", "wine"]);
    expect(await fleet.output("namespace")).toBe("failure");
  });

  test("takes no path from a model that answers", async () => {
    fleet.configure({ models: ["iris", "wine"], catalog: undefined });
    await fleet.up();
    const url = (await fleet.output<Record<string, string>>("urls"))["iris"] as string;
    await eventually(async () => expect((await predict(url, "iris")).status).toBe(200));
    const flower = { path: "/failure/iris", image: NO_IMAGE, startupSeconds: 10 };
    fleet.configure({ models: ["flower", "wine"], catalog: { flower } });
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain("not applied, because the pods of deployment/flower are not ready");
    expect(text).toContain("except that it deleted nothing");
    expect((await predict(url, "iris")).status).toBe(200);
  });
});
