import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, getWithHost, responseOf } from "../support/traffic";
import { Workspace } from "../support/workspace";

const ROUTERS = ["nginx", "traefik", "gateway"] as const;

/** The same claims for two ingress controllers and a Gateway: clients must not see a difference. */
for (const router of ROUTERS) {
  describeReal(`paths behind ${router}`, (cluster) => {
    const namespace = `paths-${router}`;
    const host = `${router}.models.example`;
    const flavour = router === "gateway" ? "gateway" : "ingress";
    const [httpPort, httpsPort] = [cluster.ingressUrl, cluster.ingressHttpsUrl].map((url = "") =>
      portOf(url),
    );
    const settings =
      router === "gateway"
        ? { gateway: { create: true, className: "traefik", httpPort, httpsPort } }
        : { ingress: { className: router } };
    let fleet: Workspace;

    beforeAll(async () => {
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
            own: { env: { MODEL_NAME: "digits" }, path: "/v1.0/own", aliases: ["/v0/own"] },
          },
          ...settings,
          routing: {
            flavour,
            host,
            defaultBackend: { image: "modelfleet.local/default-backend:1" },
            retired: { gone: "m1" },
          },
        },
      });
      await fleet.up();
    });
    afterAll(() => fleet.remove(namespace));

    const answers = (path: string) => getWithHost(`${cluster.ingressUrl}${path}`, host);

    test("lead only to their model, which gets them without the prefix", async () => {
      await eventually(async () => {
        expect(await answers("/models/m1/v2/models/iris")).toContain('"name":"iris"');
        expect(await answers("/models/m10/v2/models/wine")).toContain('"name":"wine"');
        expect(await answers("/v1.0/own/v2/models/digits")).toContain('"name":"digits"');
        expect(await answers("/v0/own/v2/models/digits")).toContain('"name":"digits"');
      });
    });

    test("without a model are answered by the default backend", async () => {
      await eventually(async () => {
        for (const path of ["/models/m100/v2", "/models/m", "/v1x0/own/v2", "/"]) {
          expect(await answers(path)).toContain('"models":["m1","m10","own"]');
        }
      });
    });

    test("of a retired model are answered with 410 and its successor", async () => {
      const url = `${cluster.ingressUrl}/models/gone/v2/models/gone`;
      const { status, body } = await responseOf(url, { host });
      expect({ status, body: JSON.parse(body) as unknown }).toEqual({
        status: 410,
        body: { error: "the model is retired", successor: `http://${host}/models/m1` },
      });
    });

    test("do not lead to a model under another host", async () => {
      // Another fleet of the tests may answer there with its own default backend.
      const answer = await getWithHost(`${cluster.ingressUrl}/models/m1/v2/models/iris`, "other.example");
      expect(answer).not.toContain('"name":"iris"');
    });

    test("are part of the stack's output urls", async () => {
      expect(await fleet.output("urls")).toEqual({
        m1: `http://${host}/models/m1`,
        m10: `http://${host}/models/m10`,
        own: `http://${host}/v1.0/own`,
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
        const url = `${cluster.ingressHttpsUrl}/models/m1/v2/models/iris`;
        const { status, body } = await responseOf(url, { host, ca: cert });
        expect({ status, body }).toEqual({
          status: 200,
          body: expect.stringContaining('"name":"iris"') as string,
        });
        const plain = await responseOf(`${cluster.ingressUrl}/models/m1/v2`, { host });
        expect([301, 308]).toContain(plain.status);
        // A Gateway names the port of its HTTPS listener, and ingress controllers take that of the scheme.
        const port = router === "gateway" ? `:${httpsPort}` : "";
        expect(plain.location).toBe(`https://${host}${port}/models/m1/v2`);
      });
      expect(await fleet.output("urls")).toMatchObject({ m1: `https://${host}/models/m1` });
    });
  });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
