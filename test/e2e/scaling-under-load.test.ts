import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { startMetricsServer } from "../support/metrics-server";
import { eventually, predict, underLoad } from "../support/traffic";
import { Workspace } from "../support/workspace";

const stack = "load";
/** The autoscaler looks every 15 s at what the metrics server saw in the 10 s before. */
const SECONDS = 120;

describeReal("a model that an autoscaler scales by its processor time", (cluster) => {
  const url = `${cluster.ingressUrl}/${stack}/iris`;
  let fleet: Workspace;
  const readyPods = async () =>
    Number(
      await fleet.kubectl("get", "deployment/iris", "-n", stack, "-o", "jsonpath={.status.readyReplicas}"),
    );

  beforeAll(async () => {
    await startMetricsServer(cluster);
    fleet = await Workspace.create({
      ...{ stack, cluster },
      config: {
        ...{ namespace: stack, models: ["iris"], ingress: { className: "traefik" } },
        defaults: EXAMPLE_DEFAULTS,
        catalog: { iris: { minReplicas: 1, maxReplicas: 3, scaleTarget: 50, scaleDownDelaySeconds: 0 } },
      },
    });
    await fleet.up();
    await eventually(async () => expect((await predict(url, "iris")).status).toBe(200));
  });
  afterAll(() => fleet.remove(stack));

  test("has more pods under load and one after it, and answers every request", async () => {
    expect(await readyPods()).toBe(1);
    const { failed, statuses, answered } = await underLoad(url, "iris", () =>
      eventually(async () => expect(await readyPods()).toBeGreaterThan(1), SECONDS),
    );
    expect({ failed, statuses }).toEqual({ failed: 0, statuses: { 200: answered } });
    await eventually(async () => expect(await readyPods()).toBe(1), SECONDS);
  });
});
