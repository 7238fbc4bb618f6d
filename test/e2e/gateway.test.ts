import { afterAll, beforeAll, expect, test } from "vitest";
import { applyWhenKnown, kubectl, type KubectlAccess } from "../../dev/cluster/kubectl";
import type { Cluster } from "../../dev/cluster/types";
import { ensureTools } from "../../dev/toolchain/ensure";
import { describeReal, EXAMPLE_DEFAULTS, running } from "../support/clusters";
import { envoyGateway, hasEnvoy } from "../support/envoy-gateway";
import { eventually, getWithHost } from "../support/traffic";

/** A server that answers with its name and the path that it was asked for. */
const SERVER = `
  import { createServer } from "node:http";
  const { NAME, PORT } = process.env;
  createServer((request, response) => response.end(NAME + " " + request.url)).listen(PORT);
  await new Promise(() => undefined);`;

/** An implementation, and where a listener of it answers. */
interface Implementation {
  readonly className: string;
  readonly url: string;
}

type Start = (cluster: Cluster & { readonly ingressUrl: string }) => Promise<Implementation>;

const traefik: Start = ({ ingressUrl }) => Promise.resolve({ className: "traefik", url: ingressUrl });

async function envoy(cluster: Cluster): Promise<Implementation> {
  const gateway = await envoyGateway(cluster);
  if ("reason" in gateway) throw new Error(gateway.reason);
  return { className: gateway.className, url: `${gateway.address}:8001` };
}

const IMPLEMENTATIONS: Readonly<Record<string, Start>> = { traefik, ...((await hasEnvoy()) && { envoy }) };

/** The same plain objects for all of them. */
for (const [name, start] of Object.entries(IMPLEMENTATIONS)) {
  describeReal(`a Gateway of class ${name}`, (cluster) => {
    const namespace = `plain-${name}`;
    const host = `${namespace}.example`;
    const { kubeconfig, directory } = cluster;
    let access: KubectlAccess;
    let url: string;

    beforeAll(async () => {
      access = { ...(await ensureTools(["kubectl"])), kubeconfig, directory };
      const implementation = await start(cluster);
      ({ url } = implementation);
      await applyWhenKnown(access, objects({ namespace, host, ...implementation }));
    });
    afterAll(() => kubectl(access, ["delete", "namespace", namespace, "--wait=false"]));

    const ask = (path: string) => getWithHost(`${url}${path}`, host);

    test("gives each backend its weight of the requests, without the prefix of their path", async () => {
      // A backend that has just become ready first gets more or less than its part.
      await eventually(async () => {
        const answers = await Promise.all(Array.from({ length: 300 }, () => ask("/models/m1/v2/a?b=c")));
        const count = (answer: string) => answers.filter((one) => one === answer).length;
        const champions = count("champion /v2/a?b=c");
        expect(champions + count("challenger /v2/a?b=c")).toBe(300);
        // Four standard deviations from three quarters.
        expect(champions).toBeGreaterThan(195);
        expect(champions).toBeLessThan(255);
      });
      expect(await ask("/models/m10/v2")).not.toContain("champion");
    });
  });
}

interface ObjectOptions extends Implementation {
  readonly namespace: string;
  readonly host: string;
}

/** A Gateway, and a route with weights to two servers. */
function objects({ namespace, host, className, url }: ObjectOptions): object[] {
  const port = Number(new URL(url).port);
  const backend = (name: string, weight: number) => ({ name, port: 80, weight });
  const gateway = "gateway.networking.k8s.io/v1";
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...["champion", "challenger"].flatMap((name) => server(namespace, name)),
    {
      ...{ apiVersion: gateway, kind: "Gateway", metadata: { name: "models", namespace } },
      spec: { gatewayClassName: className, listeners: [{ name: "http", protocol: "HTTP", port }] },
    },
    {
      ...{ apiVersion: gateway, kind: "HTTPRoute", metadata: { name: "models", namespace } },
      spec: {
        parentRefs: [{ name: "models" }],
        hostnames: [host],
        rules: [rule("/models/m1", [backend("champion", 75), backend("challenger", 25)])],
      },
    },
  ];
}

function rule(prefix: string, backendRefs: readonly object[]): object {
  const path = { type: "ReplacePrefixMatch", replacePrefixMatch: "/" };
  return {
    matches: [{ path: { type: "PathPrefix", value: prefix } }],
    filters: [{ type: "URLRewrite", urlRewrite: { path } }],
    backendRefs,
  };
}

function server(namespace: string, name: string): object[] {
  const metadata = { name, namespace };
  const labels = { app: name };
  const env = { NAME: name, PORT: "8080", ...running(SERVER) };
  const container = {
    ...{ name: "server", image: EXAMPLE_DEFAULTS.image, resources: EXAMPLE_DEFAULTS.resources },
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    readinessProbe: { httpGet: { port: 8080, path: "/" }, periodSeconds: 1 },
  };
  return [
    {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
    {
      ...{ apiVersion: "v1", kind: "Service", metadata },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ];
}
