import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS, NO_IMAGE } from "../support/clusters";
import { eventually, predict, underLoad } from "../support/traffic";
import { changes, Workspace } from "../support/workspace";

describeReal("a fleet under steady requests", (cluster) => {
  const stack = "switch";
  const url = `${cluster.ingressUrl}/${stack}/iris`;
  const gateway = { create: true, className: "traefik", httpPort: Number(new URL(cluster.ingressUrl).port) };
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      ...{ stack, cluster },
      config: {
        namespace: stack,
        models: ["iris"],
        defaults: EXAMPLE_DEFAULTS,
        ingress: { className: "traefik" },
        gateway,
      },
    });
    await fleet.up();
    await eventually(async () => expect((await predict(url, "iris")).status).toBe(200));
  });
  afterAll(() => fleet.remove(stack));

  const route = (flavour: string) => {
    fleet.configure({ routing: { pathPrefix: `/${stack}`, flavour } });
    return fleet.up();
  };

  test("moves from its Ingress to HTTPRoutes and back by one setting, and loses none", async () => {
    const { failed, statuses, answered, result } = await underLoad(url, "iris", async () => {
      const there = changes(await route("gateway"));
      const objects = await fleet.objects();
      return { there, objects, back: changes(await route("ingress")) };
    });

    expect({ failed, statuses }).toEqual({ failed: 0, statuses: { 200: answered } });
    // The Gateway, its route, and the component of each; the Ingress and its Middleware go.
    expect(result.there).toMatchObject({ created: 3, deleted: 3 });
    expect(result.objects).toContain("httproute/iris");
    expect(result.objects).not.toContain("ingress/modelfleet");
    expect(result.back).toMatchObject({ created: 3, deleted: 3 });
    expect(await fleet.objects()).not.toContain("httproute/iris");
  });

  test("keeps its Ingress when it is told to move while a release fails", async () => {
    fleet.configure({ catalog: { iris: { image: NO_IMAGE, startupSeconds: 5 } } });
    fleet.configure({ routing: { pathPrefix: `/${stack}`, flavour: "gateway" } });
    const { exitCode } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(await fleet.objects()).toContain("ingress/modelfleet");
    expect((await predict(url, "iris")).status).toBe(200);
    fleet.configure({ catalog: undefined });
  });

  test("gives a path to another model by HTTPRoutes, and loses none", async () => {
    await route("gateway");
    const { failed, statuses, answered } = await underLoad(url, "iris", async () => {
      const catalog = { flower: { path: `/${stack}/iris`, env: { MODEL_NAME: "iris" } } };
      fleet.configure({ models: ["flower"], catalog });
      await fleet.up();
    });

    expect({ failed, statuses }).toEqual({ failed: 0, statuses: { 200: answered } });
    expect(await fleet.objects()).toContain("httproute/flower");
    expect(await fleet.objects()).not.toContain("deployment/iris");
  });

  test("is not moved to a path or a host that leaves its clients behind", async () => {
    fleet.configure({ catalog: { flower: { path: `/${stack}/rose`, env: { MODEL_NAME: "iris" } } } });
    const { exitCode, text } = await fleet.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      `catalog.flower.path: changes from /${stack}/iris to /${stack}/rose, and requests`,
    );
  });
});

describe("a fleet whose Gateway nobody serves", () => {
  const stack = "unserved";
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      ...{ stack, cluster: inject("simulated") },
      config: {
        ...{ namespace: stack, models: ["iris"], defaults: EXAMPLE_DEFAULTS },
        gateway: { create: true, className: "traefik" },
      },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove(stack));

  test("keeps its Ingress when it is told to move to HTTPRoutes, and says why", async () => {
    fleet.configure({ routing: { pathPrefix: `/${stack}`, flavour: "gateway" } });
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      `Gateway ${stack}/modelfleet has not accepted httproute/iris (no controller has looked at it); ` +
        "the update has done the rest, except that it deleted nothing",
    );
    expect(await fleet.objects()).toContain("ingress/modelfleet");
  });
});
