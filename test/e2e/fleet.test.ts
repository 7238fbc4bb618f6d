import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../lib/paths";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict, sampleOf, underLoad } from "../support/traffic";
import { changes, Workspace } from "../support/workspace";

describeReal("a fleet from one list", (cluster) => {
  let fleet: Workspace;
  let urls: Record<string, string>;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "fleet",
      cluster,
      config: {
        namespace: "fleet",
        models: ["iris", "wine", "digits"],
        defaults: EXAMPLE_DEFAULTS,
        // The cluster's default class is traefik.
        ingress: {},
        routing: {
          pathPrefix: "/fleet",
          defaultBackend: { image: "modelfleet.local/default-backend:1" },
        },
      },
    });
    await fleet.up();
    urls = await fleet.output("urls");
  });
  afterAll(() => fleet.remove("fleet"));

  test("answers real predictions, each model under its own path", async () => {
    expect(Object.keys(urls)).toEqual(["digits", "iris", "wine"]);
    for (const [model, url] of Object.entries(urls)) {
      await eventually(async () => {
        const { status, label, model: answered } = await predict(url, model);
        expect({ status, label, answered }).toEqual({
          status: 200,
          label: sampleOf(model).sampleLabel,
          answered: model,
        });
      });
    }
  });

  test("changes nothing when it is updated again, with the list in another order and another form", async () => {
    await fleet.must("config", "set", "models", "wine, digits,iris");
    expect(changes(await fleet.up())).toEqual({});
  });

  test("shows its models in the stack's outputs and with modelfleet list", async () => {
    const { stdout } = await fleet.shell(`node ${ROOT}/cli/run.mjs list --stack fleet`);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["MODEL", "REPLICAS", "IMAGE", "URL"],
      ...["digits", "iris", "wine"].map((id) => [id, "1", EXAMPLE_DEFAULTS.image, urls[id]]),
    ]);
    expect(await fleet.output("namespace")).toBe("fleet");
    expect(await fleet.output("models")).toMatchObject({
      iris: { image: "modelfleet.local/model-server:1", replicas: 1, url: urls["iris"] },
    });
  });

  test("drops no request to other models when a model leaves the list and comes back", async () => {
    await fleet.must("config", "set", "models", "iris,wine");
    const removal = await underLoad(urls["iris"] as string, "iris", () =>
      underLoad(urls["digits"] as string, "digits", async () => {
        await fleet.up();
        await eventually(async () => expect((await fetch(`${urls["digits"]}/v2`)).status).toBe(404));
      }),
    );
    expect(removal.failed).toBe(0);
    expect(removal.answered).toBeGreaterThan(100);
    // The removed model's route goes before its pods: the model answers or has no route, and is never unavailable.
    expect(Object.keys(removal.result.statuses).sort()).toEqual(["200", "404"]);
    expect(await fleet.objects()).toEqual([
      "deployment/iris",
      "deployment/modelfleet-default-backend",
      "deployment/wine",
      "ingress/modelfleet",
      "middleware/modelfleet-strip-prefix",
      "secret/iris-env",
      "secret/modelfleet-registry",
      "secret/wine-env",
      "service/iris",
      "service/modelfleet-default-backend",
      "service/wine",
    ]);

    await fleet.must("config", "set", "models", "iris,wine,digits");
    const addition = await underLoad(urls["iris"] as string, "iris", async () => {
      // Created: the component and its three objects. Updated: the Ingress, and the default backend's list.
      expect(changes(await fleet.up())).toEqual({ created: 4, updated: 2 });
      await eventually(async () =>
        expect((await predict(urls["digits"] as string, "digits")).status).toBe(200),
      );
    });
    expect(addition.failed).toBe(0);
    expect(addition.answered).toBeGreaterThan(100);
  });

  test("answers a path without a model with 404 and the list of models", async () => {
    await eventually(async () => {
      const response = await fetch(`${cluster.ingressUrl}/fleet/nobody/v2`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ models: ["digits", "iris", "wine"] });
    });
  });

  test("pauses a model with 0 replicas and keeps its Service and its route", async () => {
    fleet.configure({ catalog: { wine: { replicas: 0 } } });
    await fleet.up();
    await eventually(async () =>
      expect((await fetch(`${urls["wine"]}/v2`)).status).toBeGreaterThanOrEqual(500),
    );
    expect((await predict(urls["iris"] as string, "iris")).status).toBe(200);
  });

  test("rolls out a new image under load without a failed request, and goes on with a paused model", async () => {
    fleet.configure({
      defaults: { ...EXAMPLE_DEFAULTS, image: "modelfleet.local/model-server:2" },
      catalog: undefined,
    });
    const rollout = await underLoad(urls["iris"] as string, "iris", async () => {
      await fleet.up();
      await eventually(async () => expect((await predict(urls["iris"] as string, "iris")).version).toBe("2"));
    });
    expect(rollout.failed).toBe(0);
    expect(rollout.answered).toBeGreaterThan(100);
    await eventually(async () => expect((await predict(urls["wine"] as string, "wine")).status).toBe(200));
  });

  test("without models has only its default backend, which answers", async () => {
    await fleet.must("config", "set", "models", "");
    await fleet.up();
    expect(await fleet.objects()).toEqual([
      "deployment/modelfleet-default-backend",
      "ingress/modelfleet",
      "middleware/modelfleet-strip-prefix",
      "secret/modelfleet-registry",
      "service/modelfleet-default-backend",
    ]);
    await eventually(async () => {
      const response = await fetch(`${urls["iris"]}/v2`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ models: [] });
    });
  });

  test("is deleted with its stack, except for its namespace, which may have other objects", async () => {
    await fleet.must("destroy", "--yes", "--skip-preview");
    expect(await fleet.objects()).toEqual([]);
    expect(await fleet.kubectl("get", "namespace", "fleet", "-o", "name")).toBe("namespace/fleet");
  });
});
