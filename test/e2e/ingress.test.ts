import { get, request } from "node:https";
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

/** The same claims for all of them, by HTTPS: clients must not see a difference. */
for (const [router, gatewayClass] of Object.entries(ROUTERS)) {
  describeReal(`paths behind ${router}`, (cluster) => {
    const namespace = `paths-${router}`;
    const host = `${router}.models.example`;
    const flavour = gatewayClass === undefined ? "ingress" : "gateway";
    let { ingressUrl: url, ingressHttpsUrl: httpsUrl = "" } = cluster;
    let fleet: Workspace;
    /** The certificate, which is its own authority. */
    let ca: string;

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
            tls: { secretName: "cert" },
            ...(router === "nginx" && LIMITS),
          },
        },
      });
      ca = await createCertificate(fleet, namespace, [host, `own.${host}`]);
      await fleet.up();
    });
    afterAll(() => fleet.remove(namespace));

    const answer = (path: string, name = host) => responseOf(`${httpsUrl}${path}`, { host: name, ca });
    const answers = async (path: string, name = host) => (await answer(path, name)).body;

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
        const text = await answers("/a/b?c=d", `own.${host}`);
        expect(JSON.parse(text)).toMatchObject({ url: "/a/b?c=d" });
      });
    });

    test("stream an answer part by part", async () => {
      const parts: string[] = [];
      await new Promise<void>((resolve, reject) => {
        get(`${httpsUrl}/v1.0/own/events`, { headers: { host }, servername: host, ca }, (response) => {
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
        request(`${httpsUrl}/v1.0/own/socket`, { headers, servername: host, ca })
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
        const own = `${httpsUrl}/v1.0/own`;
        const statusOf = async (kib: number) =>
          (await responseOf(`${own}/x`, { host, ca, body: "x".repeat(kib * 1024) })).status;
        expect([await statusOf(90), await statusOf(200)]).toEqual([200, 413]);
        expect((await answer("/v1.0/own/silent")).status).toBe(504);
      });

    test("without a model are answered by the default backend", async () => {
      await eventually(async () => {
        for (const path of ["/models/m100/v2", "/models/m", "/v1x0/own/v2", "/"]) {
          expect(await answers(path)).toContain('"models":["m1","m10","own"]');
        }
      });
    });

    test("of a retired model are answered with 410 and its successor", async () => {
      const { status, body } = await answer("/models/gone/v2/models/gone");
      expect({ status, body: JSON.parse(body) as unknown }).toEqual({
        status: 410,
        body: { error: "the model is retired", successor: `https://${host}/models/m1` },
      });
    });

    test("do not lead to a model under another host", async () => {
      // Another fleet of the tests may answer there with its own default backend.
      const other = await getWithHost(`${url}/models/m1/v2/models/iris`, "other.example");
      expect(other).not.toContain('"name":"iris"');
    });

    test("are part of the stack's output urls", async () => {
      expect(await fleet.output("urls")).toEqual({
        m1: `https://${host}/models/m1`,
        m10: `https://${host}/models/m10`,
        own: `https://own.${host}`,
      });
    });

    test("are redirected to from HTTP", async () => {
      await eventually(async () => {
        const plain = await responseOf(`${url}/models/m1/v2`, { host });
        expect([301, 308]).toContain(plain.status);
        // A Gateway names the port of its HTTPS listener, and ingress controllers take that of the scheme.
        const port = flavour === "gateway" ? `:${portOf(httpsUrl)}` : "";
        expect(plain.location).toBe(`https://${host}${port}/models/m1/v2`);
      });
    });

    if (router === "traefik")
      test("reach the model whole if the controller is none", async () => {
        fleet.configure({ ingress: { className: router, controller: "none" }, routing: { host } });
        await fleet.up();
        await eventually(async () => {
          const path = "/v0/own/a/b";
          const text = await getWithHost(`${url}${path}`, host);
          expect(text).toBe(JSON.stringify({ url: path, prefix: "none" }));
        });
        expect((await fleet.objects()).filter((object) => object.startsWith("middleware/"))).toEqual([]);
      });
  });
}

/** Makes a certificate for these hosts, and the Secret that the settings name. @returns The certificate, as PEM */
async function createCertificate(fleet: Workspace, namespace: string, hosts: string[]): Promise<string> {
  const altNames = hosts.map((value) => ({ type: 2 as const, value }));
  const attributes = [{ name: "commonName", value: hosts[0] }];
  const { cert, private: key } = await generate(attributes, {
    extensions: [{ name: "subjectAltName", altNames }],
  });
  const data = { "tls.crt": cert, "tls.key": key };
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    {
      ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "cert", namespace } },
      ...{ type: "kubernetes.io/tls", stringData: data },
    },
  ];
  for (const object of objects) {
    const { exitCode, text } = await fleet.shell(`kubectl apply -f - <<< '${JSON.stringify(object)}'`);
    if (exitCode !== 0) throw new Error(text);
  }
  return cert;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
