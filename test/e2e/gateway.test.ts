import { afterAll, beforeAll, expect, test } from "vitest";
import { applyWhenKnown, kubectl, type KubectlAccess } from "../../dev/cluster/kubectl";
import type { Cluster } from "../../dev/cluster/types";
import { ensureTools } from "../../dev/toolchain/ensure";
import { say } from "../../lib/progress";
import { describeReal, EXAMPLE_DEFAULTS, running } from "../support/clusters";
import { envoyGateway } from "../support/envoy-gateway";
import { readEvents, sendByWebSocket, STREAMING_SERVER } from "../support/streaming";
import { eventually, getWithHost } from "../support/traffic";

/** An implementation, and where a listener of it answers. */
interface Implementation {
  readonly className: string;
  readonly url: string;
}

/** The two implementations, for which the objects have to be the same. */
const IMPLEMENTATIONS: Readonly<
  Record<string, (cluster: Cluster & { ingressUrl: string }) => Promise<Implementation | { reason: string }>>
> = {
  Traefik: ({ ingressUrl }) => Promise.resolve({ className: "traefik", url: ingressUrl }),
  "Envoy Gateway": async (cluster) => {
    const envoy = await envoyGateway(cluster);
    return "reason" in envoy ? envoy : { className: envoy.className, url: `${envoy.address}:8001` };
  },
};

for (const [name, start] of Object.entries(IMPLEMENTATIONS)) {
  describeReal(`a Gateway of ${name}`, (cluster) => {
    const namespace = `plain-${name.toLowerCase().replace(" ", "-")}`;
    const host = `${namespace}.example`;
    let access: KubectlAccess;
    let reason: string | undefined;
    let url = "";

    beforeAll(async () => {
      const found = await start(cluster);
      if ("reason" in found) {
        ({ reason } = found);
        say(`skipped: a Gateway of ${name} (${reason})`);
        return;
      }
      ({ url } = found);
      const tools = await ensureTools(["kubectl"]);
      access = { kubectl: tools.kubectl, kubeconfig: cluster.kubeconfig, directory: cluster.directory };
      await applyWhenKnown(access, objects({ namespace, host, ...found }));
      await eventually(async () => expect(await ask("/models/m1/v2")).toMatch(/ \/v2$/));
    });
    afterAll(async () => {
      if (reason === undefined) await kubectl(access, ["delete", "namespace", namespace, "--wait=false"]);
    });

    const ask = (path: string) => getWithHost(`${url}${path}`, host);

    test("gives each backend its weight of the requests, without the prefix of their path", async ({
      skip,
    }) => {
      if (reason !== undefined) skip(reason);
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

    test("streams answers as they are sent, and upgrades to WebSocket", async ({ skip }) => {
      if (reason !== undefined) skip(reason);
      const target = { url: `${url}/models/live`, host };
      await eventually(async () => expect(await ask("/models/live/")).toBe("champion /"));
      expect(await readEvents(target)).toEqual({
        first: "data: first\n\n",
        all: "data: first\n\ndata: second\n\n",
      });
      expect(await sendByWebSocket(target, "hello")).toBe("hello");
    });
  });
}

interface ObjectOptions extends Implementation {
  readonly namespace: string;
  readonly host: string;
}

/** A Gateway, and two servers with routes to them: one with weights, and one to the first server only. */
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
        rules: [
          rule("/models/m1", [backend("champion", 75), backend("challenger", 25)]),
          rule("/models/live", [backend("champion", 1)]),
        ],
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
  const env = { NAME: name, PORT: "8080", ...running(STREAMING_SERVER) };
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
