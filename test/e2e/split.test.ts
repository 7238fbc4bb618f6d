import { afterAll, beforeAll, expect, test } from "vitest";
import { say } from "../../lib/progress";
import { describeReal, EXAMPLE_DEFAULTS, running } from "../support/clusters";
import { GATEWAYS } from "../support/gateways";
import { eventually, predict, underLoad } from "../support/traffic";
import { Workspace } from "../support/workspace";

const NEXT = "modelfleet.local/model-server:2";

/** A server that counts the requests for `/hit`, never answers `/silent`, and tells the number to everybody else. */
const COUNTER = `
  import { createServer } from "node:http";
  let hits = 0;
  createServer(({ url }, response) => {
    if (url === "/hit") hits += 1;
    if (url !== "/silent") response.end(String(hits));
  }).listen(process.env.PORT);
  await new Promise(() => undefined);`;

/** The variants of the model `shadow`: the champion answers, and the other one gets copies. */
const COPIED = {
  champion: "default",
  variants: { default: {}, copy: { mirrorPercent: 100, headers: { "x-variant": "copy" } } },
};

for (const [name, gatewayOf] of Object.entries(GATEWAYS)) {
  describeReal(`variants behind ${name}`, (cluster) => {
    const stack = `split-${name.toLowerCase().replace(" ", "-")}`;
    let fleet: Workspace | undefined;
    let url = "";

    beforeAll(async () => {
      const gateway = await gatewayOf(cluster, 8002);
      if ("reason" in gateway) {
        say(`skipped: variants behind ${name} (${gateway.reason})`);
        return;
      }
      url = `${gateway.url}/${stack}`;
      const { className, httpPort } = gateway;
      fleet = await Workspace.create({
        ...{ stack, cluster },
        config: {
          ...{ namespace: stack, defaults: EXAMPLE_DEFAULTS, models: ["iris"] },
          gateway: { create: true, className, httpPort },
          routing: { flavour: "gateway", pathPrefix: `/${stack}`, url: gateway.url },
        },
      });
      await fleet.up();
      await eventually(async () => expect((await predict(`${url}/iris`, "iris")).status).toBe(200));
    });
    afterAll(() => fleet?.remove(stack));

    /** Updates to a model with these variants; the variant `default` is the model as it was without any. */
    async function update(iris: object): Promise<void> {
      fleet?.configure({ catalog: { iris } });
      await fleet?.up();
    }
    const candidate = (trafficPercent: number) => ({
      champion: "default",
      variants: { default: {}, candidate: { image: NEXT, trafficPercent } },
    });

    // With Envoy Gateway, gateway.test.ts counts the shares: it takes a minute more here.
    if (name === "Traefik")
      test("get their shares of the requests, and lose none while they come, grow, win and go", async ({
        skip,
      }) => {
        if (fleet === undefined) return skip("no Gateway");
        const one = fleet;
        const { failed, statuses, answered } = await underLoad(`${url}/iris`, "iris", async () => {
          await update(candidate(10));
          await eventually(() => expectShare(`${url}/iris`, 0.1));
          await update(candidate(50));
          const promoted = await one.modelfleet(["promote", "iris", "candidate", "--yes"]);
          expect(promoted, promoted.text).toMatchObject({ exitCode: 0 });
          await eventually(() => expectShare(`${url}/iris`, 1));
          await update({ champion: "candidate", variants: { candidate: { image: NEXT } } });
        });
        expect({ failed, statuses }).toEqual({ failed: 0, statuses: { 200: answered } });
        const names = (await one.objects()).filter((object) => object.includes("/iris"));
        expect(names).toEqual([
          "deployment/iris-candidate",
          "httproute/iris",
          "secret/iris-candidate-env",
          "service/iris-candidate",
        ]);
      });

    test("get requests with their headers, and where the controller can, copies, limits of time and calls of web pages", async ({
      skip,
    }) => {
      if (fleet === undefined) return skip("no Gateway");
      const shadow = {
        env: running(COUNTER),
        readiness: { path: "/" },
        route: { timeoutSeconds: 1 },
        ...COPIED,
      };
      const cors = { allowOrigins: ["https://app.example"] };
      fleet.configure({
        ...{ models: ["shadow"], catalog: { shadow } },
        routing: { flavour: "gateway", pathPrefix: `/${stack}`, cors },
      });
      if (name === "Traefik") {
        const { exitCode, text } = await fleet.pulumi("preview");
        expect(exitCode).not.toBe(0);
        for (const needs of [
          "catalog.shadow.variants.copy.mirrorPercent: needs HTTPRouteRequestMirror",
          "catalog.shadow.route.timeoutSeconds: needs HTTPRouteRequestTimeout",
          "routing.cors: needs HTTPRouteCORS",
        ])
          expect(text).toContain(needs);
        return;
      }
      await fleet.up();
      const ask = async (path: string, headers: Record<string, string> = {}) =>
        Number(await (await fetch(`${url}/shadow${path}`, { headers })).text());
      const copy = { "x-variant": "copy" };
      await eventually(async () => expect(await ask("/hit")).toBeGreaterThan(0));
      await eventually(async () => expect(await ask("/", copy)).toBe(await ask("/")));
      expect((await fetch(`${url}/shadow/silent`)).status).toBe(504);
      const page = await fetch(`${url}/shadow/`, { headers: { origin: "https://app.example" } });
      expect(page.headers.get("access-control-allow-origin")).toBe("https://app.example");
    });
  });
}

/** Checks the share of version 2 in the answers of a model, within four standard deviations. */
async function expectShare(url: string, share: number): Promise<void> {
  const count = 400;
  const answers = await Promise.all(Array.from({ length: count }, () => predict(url, "iris")));
  const second = answers.filter(({ version }) => version === "2").length;
  const tolerance = 4 * Math.sqrt(count * share * (1 - share));
  expect(Math.abs(second - count * share)).toBeLessThanOrEqual(tolerance);
}
