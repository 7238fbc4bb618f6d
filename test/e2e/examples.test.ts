import { writeFileSync } from "node:fs";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyWhenKnown } from "../../dev/cluster/kubectl";
import { ensureTools } from "../../dev/toolchain/ensure";
import { describeReal } from "../support/clusters";
import { type Example, examples } from "../support/examples";
import { GATEWAYS } from "../support/gateways";
import { eventually, responseOf } from "../support/traffic";
import { Workspace } from "../support/workspace";

const NAMESPACE = "examples";
const HOST = "models.example.com";
/** The port of Envoy Gateway's Gateways, which no other test has. */
const ENVOY_PORT = 8005;

/**
 * In this order few pods go, for which an update waits, and every change of paths is one that the program accepts: the paths of the first
 * one are the former ones of the second. A file that is not here comes last.
 */
const ORDER = [
  ...["ingress-other", "move-a-path", "ingress-nginx", "ingress-traefik", "containers"],
  ...["switch-to-gateway", "requests", "https", "champion-challenger", "shadow"],
];
const place = ({ name }: Example) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
const EXAMPLES = examples().sort((a, b) => place(a) - place(b));

describeReal("the settings in examples/settings", (cluster) => {
  let fleet: Workspace;
  let ca: string;

  beforeAll(async () => {
    const { cert, private: key } = await generate([{ name: "commonName", value: HOST }], {
      extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: HOST }] }],
    });
    ca = cert;
    fleet = await Workspace.create({ stack: "examples", cluster, config: {} });
    const { kubectl } = await ensureTools(["kubectl"]);
    const access = { kubectl, kubeconfig: cluster.kubeconfig, directory: cluster.directory };
    await applyWhenKnown(
      access,
      surroundings(portOf(cluster.ingressUrl), { "tls.crt": cert, "tls.key": key }),
    );
  });
  afterAll(async () => {
    await fleet.kubectl("delete", "namespace", "gateways", "traefik", "--wait=false");
    await fleet.remove(NAMESPACE);
  });

  /** Where the controller of an example answers. */
  async function listenersOf({ config }: Example) {
    const { className } = (config["gateway"] ?? {}) as { className?: string };
    const traefik = { http: cluster.ingressUrl, https: cluster.ingressHttpsUrl };
    if (className !== "envoy") return traefik;
    const envoy = await GATEWAYS["Envoy Gateway"]?.(cluster, ENVOY_PORT);
    return envoy === undefined || "reason" in envoy ? envoy : { http: envoy.url, https: undefined };
  }

  test.for(EXAMPLES)("$name: its models answer as its comment says", async (example, { skip }) => {
    const listeners = await listenersOf(example);
    if (listeners === undefined || "reason" in listeners) return skip(listeners?.reason);
    writeFileSync(fleet.settingsFile, example.text);
    fleet.configure(adapted(example, listeners));
    await fleet.up();

    for (const { url, headers, status, answer } of example.requests) {
      const { hostname: host, pathname, protocol } = new URL(url);
      const address = protocol === "https:" ? listeners.https : listeners.http;
      await eventually(async () => {
        const response = await responseOf(`${address}${pathname}`, { host, headers, ca });
        expect(response.status, response.body).toBe(status);
        expect(response.body).toContain(answer);
      });
    }
  });
});

/** The settings that differ on the tests' cluster: the ports of its listeners, and a class without a controller here. */
function adapted(
  { config }: Example,
  { http, https }: { readonly http: string; readonly https: string | undefined },
): Record<string, unknown> {
  const { gateway, ingress } = config as Record<"gateway" | "ingress", Record<string, unknown> | undefined>;
  const ports = { httpPort: portOf(http), ...(https !== undefined && { httpsPort: portOf(https) }) };
  return {
    ...(gateway?.["create"] === true && { gateway: { ...gateway, ...ports } }),
    // Traefik without a Middleware stands for it.
    ...(ingress?.["controller"] === "none" && { ingress: { ...ingress, className: "traefik" } }),
  };
}

/** What the examples find in a cluster: a certificate, and a Gateway of others. */
function surroundings(port: number, certificate: Readonly<Record<string, string>>): object[] {
  const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const listener = { name: "web", protocol: "HTTP", port, allowedRoutes: { namespaces: { from: "All" } } };
  return [
    namespace(NAMESPACE),
    namespace("gateways"),
    namespace("traefik"),
    {
      ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "models-cert", namespace: NAMESPACE } },
      ...{ type: "kubernetes.io/tls", stringData: certificate },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "shared", namespace: "gateways" },
      spec: { gatewayClassName: "traefik", listeners: [listener] },
    },
  ];
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
