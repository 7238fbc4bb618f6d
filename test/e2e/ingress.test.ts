import { get, request } from "node:http";
import type { Socket } from "node:net";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS, running } from "../support/clusters";
import { envoyGateway, hasEnvoy } from "../support/envoy-gateway";
import { eventually, getWithHost, responseOf } from "../support/traffic";
import { Workspace } from "../support/workspace";

/**
 * A server that says which path and prefix it was asked for. `/silent` is never answered, `/events` is a stream whose
 * second part waits for a request to `/release`, and each connection that is upgraded gets back what it sends.
 */
const ECHO = `
  import { createServer } from "node:http";
  let release;
  createServer((request, response) => {
    const { url, headers } = request;
    if (url === "/silent") return;
    if (url === "/release") release();
    if (url === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\\n\\n");
      release = () => response.end("data: 2\\n\\n");
      return;
    }
    const answer = JSON.stringify({ url, prefix: headers["x-forwarded-prefix"] ?? "none" });
    request.resume().on("end", () => response.end(answer));
  }).on("upgrade", (request, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n");
    socket.pipe(socket);
  }).listen(process.env.PORT);
  await new Promise(() => undefined);`;

/** The limits of requests, which only ingress-nginx has. */
const LIMITS = { timeoutSeconds: 1, maxBodySize: "100Ki" };

/** Two ingress controllers, and two implementations of Gateways with the names of their GatewayClasses. */
const ROUTERS = {
  ...{ nginx: undefined, traefik: undefined, gateway: "traefik" },
  ...((await hasEnvoy()) && { envoy: "envoy" }),
};

/** The same claims for all of them: clients must not see a difference. */
for (const [router, gatewayClass] of Object.entries(ROUTERS)) {
  describeReal(`paths behind ${router}`, (cluster) => {
    const namespace = `paths-${router}`;
    const host = `${router}.models.example`;
    const flavour = gatewayClass === undefined ? "ingress" : "gateway";
    let { ingressUrl: url, ingressHttpsUrl: httpsUrl = "" } = cluster;
    let fleet: Workspace;

    beforeAll(async () => {
      if (router === "envoy") {
        const envoy = await envoyGateway(cluster);
        if ("reason" in envoy) throw new Error(envoy.reason);
        [url, httpsUrl] = [`${envoy.address}:8003`, `https${envoy.address.slice(4)}:8004`];
      }
      const [httpPort, httpsPort] = [portOf(url), portOf(httpsUrl)];
      const settings =
        gatewayClass === undefined
          ? { ingress: { className: router } }
          : { gateway: { create: true, className: gatewayClass, httpPort, httpsPort } };
      fleet = await Workspace.create({
        stack: namespace,
        cluster,
        config: {
          namespace,
          models: ["m1", "m10", "own"],
          defaults: EXAMPLE_DEFAULTS,
          catalog: {
            m1: { env: { MODEL_NAME: "iris" } },
            m10: { env: { MODEL_NAME: "wine" } },
            own: { env: running(ECHO), path: "/v1.0/own", aliases: ["/v0/own"], host: `own.${host}` },
          },
          ...settings,
          routing: {
            flavour,
            host,
            defaultBackend: { image: "modelfleet.local/default-backend:1" },
            retired: { gone: "m1" },
            ...(router === "nginx" && LIMITS),
          },
        },
      });
      await fleet.up();
    });
    afterAll(() => fleet.remove(namespace));

    const answers = (path: string) => getWithHost(`${url}${path}`, host);

    test("lead only to their model, which gets them without the prefix, and the prefix in a header", async () => {
      await eventually(async () => {
        expect(await answers("/models/m1/v2/models/iris")).toContain('"name":"iris"');
        expect(await answers("/models/m10/v2/models/wine")).toContain('"name":"wine"');
        for (const prefix of ["/v1.0/own", "/v0/own"])
          expect(await answers(`${prefix}/a/b?c=d`)).toBe(JSON.stringify({ url: "/a/b?c=d", prefix }));
      });
    });

    test("are none on the host of a single model, which gets everything", async () => {
      await eventually(async () => {
        const answer = await getWithHost(`${url}/a/b?c=d`, `own.${host}`);
        expect(JSON.parse(answer)).toMatchObject({ url: "/a/b?c=d" });
      });
    });

    test("stream an answer part by part", async () => {
      const parts: string[] = [];
      await new Promise<void>((resolve, reject) => {
        get(`${url}/v1.0/own/events`, { headers: { host } }, (response) => {
          response.setEncoding("utf8").on("data", (part: string) => {
            parts.push(part);
            // An answer that is kept until it is complete would never come.
            if (parts.length === 1) answers("/v1.0/own/release").catch(reject);
          });
          response.on("end", resolve);
        }).on("error", reject);
      });
      expect(parts).toEqual(["data: 1\n\n", "data: 2\n\n"]);
    });

    test("pass a WebSocket on", async () => {
      const headers = { host, connection: "Upgrade", upgrade: "websocket" };
      const socket = await new Promise<Socket>((resolve, reject) => {
        request(`${url}/v1.0/own/socket`, { headers })
          .on("upgrade", (_response, upgraded: Socket) => resolve(upgraded))
          .on("response", ({ statusCode }) => reject(new Error(`status ${statusCode}`)))
          .on("error", reject)
          .end();
      });
      const echo = new Promise((resolve) => socket.once("data", (data) => resolve(String(data))));
      socket.write("hello");
      expect(await echo).toBe("hello");
      socket.destroy();
    });

    if (router === "nginx")
      test("have the limits of time and size that the settings give", async () => {
        const own = `${url}/v1.0/own`;
        const statusOf = async (kib: number) =>
          (await responseOf(`${own}/x`, { host, body: "x".repeat(kib * 1024) })).status;
        expect([await statusOf(90), await statusOf(200)]).toEqual([200, 413]);
        expect((await responseOf(`${own}/silent`, { host })).status).toBe(504);
      });

    test("without a model are answered by the default backend", async () => {
      await eventually(async () => {
        for (const path of ["/models/m100/v2", "/models/m", "/v1x0/own/v2", "/"]) {
          expect(await answers(path)).toContain('"models":["m1","m10","own"]');
        }
      });
    });

    test("of a retired model are answered with 410 and its successor", async () => {
      const { status, body } = await responseOf(`${url}/models/gone/v2/models/gone`, { host });
      expect({ status, body: JSON.parse(body) as unknown }).toEqual({
        status: 410,
        body: { error: "the model is retired", successor: `http://${host}/models/m1` },
      });
    });

    test("do not lead to a model under another host", async () => {
      // Another fleet of the tests may answer there with its own default backend.
      const answer = await getWithHost(`${url}/models/m1/v2/models/iris`, "other.example");
      expect(answer).not.toContain('"name":"iris"');
    });

    test("are part of the stack's output urls", async () => {
      expect(await fleet.output("urls")).toEqual({
        m1: `http://${host}/models/m1`,
        m10: `http://${host}/models/m10`,
        own: `http://own.${host}`,
      });
    });

    test("answer by HTTPS with a certificate that clients trust, and redirect to it from HTTP", async () => {
      const { cert, private: key } = await generate([{ name: "commonName", value: host }], {
        extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: host }] }],
      });
      const secret = { type: "kubernetes.io/tls", stringData: { "tls.crt": cert, "tls.key": key } };
      const object = { apiVersion: "v1", kind: "Secret", metadata: { name: "cert", namespace }, ...secret };
      await fleet.shell(`kubectl apply -f - <<< '${JSON.stringify(object)}'`);
      fleet.configure({ routing: { flavour, host, tls: { secretName: "cert" } } });
      await fleet.up();

      await eventually(async () => {
        const model = `${httpsUrl}/models/m1/v2/models/iris`;
        const { status, body } = await responseOf(model, { host, ca: cert });
        expect({ status, body }).toEqual({
          status: 200,
          body: expect.stringContaining('"name":"iris"') as string,
        });
        const plain = await responseOf(`${url}/models/m1/v2`, { host });
        expect([301, 308]).toContain(plain.status);
        // A Gateway names the port of its HTTPS listener, and ingress controllers take that of the scheme.
        const port = flavour === "gateway" ? `:${portOf(httpsUrl)}` : "";
        expect(plain.location).toBe(`https://${host}${port}/models/m1/v2`);
      });
      expect(await fleet.output("urls")).toMatchObject({ m1: `https://${host}/models/m1` });
    });

    if (router === "traefik")
      test("reach the model whole if the controller is none", async () => {
        fleet.configure({ ingress: { className: router, controller: "none" }, routing: { host } });
        await fleet.up();
        await eventually(async () => {
          const url = "/v0/own/a/b";
          expect(await answers(url)).toBe(JSON.stringify({ url, prefix: "none" }));
        });
        expect((await fleet.objects()).filter((object) => object.startsWith("middleware/"))).toEqual([]);
      });
  });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
