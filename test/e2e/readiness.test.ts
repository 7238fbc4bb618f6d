import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS, running } from "../support/clusters";
import { eventually } from "../support/traffic";
import { Workspace } from "../support/workspace";

/** Longer than three checks of five seconds each, after which an impatient fleet takes the server out of service. */
const PREDICTION_SECONDS = 20;

/**
 * A server with one thread in place of the example's: its health path answers after 1.5 seconds, `/predict` after the
 * prediction's time, in which it answers nothing else, and any other path at once.
 */
const SINGLE_THREADED = `
  import { createServer } from "node:http";
  createServer(({ url }, response) => {
    const end = Date.now() + (url === "/predict" ? ${PREDICTION_SECONDS * 1000} : 0);
    while (Date.now() < end);
    setTimeout(() => response.end("done"), url === "/v2/health/ready" ? 1500 : 0);
  }).listen(process.env.PORT);
  await new Promise(() => undefined);`;

/** Longer after SIGTERM than the 30 seconds that a pod has by default. */
const AFTER_SIGTERM_SECONDS = 32;

/** A server that answers `/late` that long after SIGTERM, any other path at once, and ends after its last answer. */
const LATE = `
  import { createServer } from "node:http";
  const late = [];
  const server = createServer(({ url }, response) => {
    if (url === "/late") late.push(response);
    else response.end("done");
  }).listen(process.env.PORT);
  process.once("SIGTERM", () => {
    server.close(() => process.exit());
    setTimeout(() => late.forEach((response) => response.end("late")), ${AFTER_SIGTERM_SECONDS * 1000});
  });
  await new Promise(() => undefined);`;

const LONG = { env: running(LATE), drainSeconds: 90 };
const IMPATIENT = { periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 1 };

describeReal("a server that answers slowly", (cluster) => {
  let fleet: Workspace;
  let urls: Record<string, string>;

  beforeAll(async () => {
    const env = running(SINGLE_THREADED);
    fleet = await Workspace.create({
      stack: "slow",
      cluster,
      config: {
        namespace: "slow",
        models: ["patient", "impatient", "gone", "renewed"],
        defaults: { ...EXAMPLE_DEFAULTS, env },
        catalog: { impatient: { readiness: IMPATIENT }, gone: LONG, renewed: LONG },
        ingress: { className: "traefik" },
      },
    });
    // That it succeeds is a claim too: the server's health path takes 1.5 seconds.
    await fleet.up();
    urls = await fleet.output("urls");
  });
  afterAll(() => fleet.remove("slow"));

  /** The statuses of requests, one per second, while the model computes one prediction. */
  async function statusesWhileBusy(model: string): Promise<Set<number>> {
    const url = urls[model] as string;
    await eventually(async () => expect((await fetch(url)).status).toBe(200));
    const statuses = new Set<number>();
    const ask = async (path: string) => void statuses.add((await fetch(url + path)).status);
    const asked = [ask("/predict")];
    for (let second = 0; second < PREDICTION_SECONDS; second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      asked.push(ask("/"));
    }
    await Promise.all(asked);
    return statuses;
  }

  test.concurrent(
    "answers open requests when its model is deleted or updated, for as long as drainSeconds",
    async () => {
      const answered: string[] = [];
      const ask = async (model: string) => {
        const text = await (await fetch(`${urls[model]}/late`)).text();
        answered.push(model);
        return text;
      };
      for (const model of ["gone", "renewed"])
        await eventually(async () => expect((await fetch(urls[model] as string)).status).toBe(200));
      const open = Promise.all([ask("gone"), ask("renewed")]);
      fleet.configure({
        models: ["patient", "impatient", "renewed"],
        catalog: {
          impatient: { readiness: IMPATIENT },
          renewed: { ...LONG, labels: { release: "next" } },
        },
      });
      const update = fleet.up();
      // The path goes first: no new request comes to pods that are to end.
      await eventually(async () => expect((await fetch(urls["gone"] as string)).status).toBe(404));
      expect(answered).toEqual([]);
      await update;
      expect(await open).toEqual(["late", "late"]);
    },
  );

  test.concurrent(
    "keeps its traffic during a long prediction, unless its settings want another pod to be asked",
    async () => {
      const [patient, impatient] = await Promise.all(["patient", "impatient"].map(statusesWhileBusy));
      expect(patient).toEqual(new Set([200]));
      expect(impatient).toContain(503);
    },
  );
});
