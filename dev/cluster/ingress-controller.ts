import { get } from "node:http";
import { until } from "../../lib/until";
import type { ClusterTools, NodeTools } from "../toolchain/ensure";
import { kubeconfigFile } from "./control-plane";
import { gatewayObjects, ingressObjects, PROBE_NAMESPACE, probeObjects, PROBES } from "./ingress-objects";
import { apply, applyFile, applyWhenKnown, kubectl, type KubectlAccess } from "./kubectl";
import type { Ports } from "./ports";
import { hasEnded, startDaemon } from "./processes";

/** How long Traefik may take to serve its first routes, in milliseconds. */
const READY_TIMEOUT_MS = 60_000;

/**
 * Creates what an ingress controller finds in a cluster: the IngressClasses `nginx` and `traefik`, Traefik's own kinds,
 * such as Middleware, the kinds of the Gateway API and the GatewayClass `traefik`.
 *
 * @param kinds Path of the file with the kinds of the Gateway API.
 * @param further Objects of these kinds to create too. @default none
 */
export async function createIngressObjects(
  access: KubectlAccess,
  kinds: string,
  further: readonly object[] = [],
): Promise<void> {
  await Promise.all([apply(access, ingressObjects()), applyFile(access, kinds)]);
  await applyWhenKnown(access, [...gatewayObjects(), ...further]);
}

/**
 * Creates those objects, starts Traefik on loopback ports, and returns when it routes Ingresses of both classes, and
 * Gateways. Class `nginx` has the annotations of ingress-nginx, and class `traefik` those of Traefik. Throws after a
 * minute.
 */
export async function startIngressController(
  access: KubectlAccess,
  tools: NodeTools & ClusterTools,
  ports: IngressPorts,
): Promise<void> {
  const { directory } = access;
  // A ping proves nothing: Traefik answers it before it reads an Ingress, and even if a provider never starts.
  await createIngressObjects(access, tools["gateway-api"], probeObjects(ports.ingress));
  await startDaemon(directory, {
    name: "traefik",
    command: tools.traefik,
    args: traefikArguments(ports),
    env: { KUBECONFIG: kubeconfigFile(directory) },
  });
  const isRouting = async () => {
    if (await routesAll(ports.ingress)) return true;
    if (await hasEnded(directory, "traefik")) throw new Error("Traefik ended right after its start");
    return false;
  };
  const routes = await until(isRouting, { intervalMs: 50, timeoutMs: READY_TIMEOUT_MS });
  if (!routes) throw new Error("Traefik did not serve its first routes within a minute");
  await kubectl(access, ["delete", "namespace", PROBE_NAMESPACE, "--wait=false"]);
}

type IngressPorts = Pick<Ports, "ingress" | "ingressHttps">;

/** The command line of Traefik. */
export function traefikArguments({ ingress, ingressHttps }: IngressPorts): string[] {
  return [
    "--global.checknewversion=false",
    "--global.sendanonymoususage=false",
    "--log.level=INFO",
    "--log.nocolor=true",
    // The shortest time between two changes of the routes; Traefik's default is two seconds.
    "--providers.providersthrottleduration=100ms",
    `--entrypoints.web.address=127.0.0.1:${ingress}`,
    // As Traefik's Helm chart has it: every route by HTTPS too, with the certificate of its Ingress.
    `--entrypoints.websecure.address=127.0.0.1:${ingressHttps}`,
    "--entrypoints.websecure.http.tls=true",
    "--providers.kubernetesingressnginx.httpentrypoint=web",
    "--providers.kubernetesingressnginx.httpsentrypoint=websecure",
    "--providers.kubernetesingressnginx=true",
    // The address in the status of Ingresses, so that waiting for one works here as in a cloud.
    "--providers.kubernetesingressnginx.publishstatusaddress=127.0.0.1",
    "--providers.kubernetesingress=true",
    "--providers.kubernetesingress.ingressclass=traefik",
    "--providers.kubernetesingress.ingressendpoint.ip=127.0.0.1",
    // Otherwise the prefix /models/m1 matches /models/m10 too, which it does in no other controller.
    "--providers.kubernetesingress.strictprefixmatching=true",
    // A Service without endpoints answers 503, as with ingress-nginx; the default is 404.
    "--providers.kubernetesingress.allowemptyservices=true",
    // Gateways of the class traefik. The port of a listener must be that of an entry point.
    "--providers.kubernetesgateway=true",
    "--providers.kubernetesgateway.statusaddress.ip=127.0.0.1",
    "--providers.kubernetescrd=true",
    // With safe names, the annotation router.middlewares could not refer to a Middleware as <namespace>-<name>.
    "--providers.kubernetescrd.safenaming=false",
  ];
}

/** Whether the route of each probe answers; a missing route answers 404. */
async function routesAll(port: number): Promise<boolean> {
  const answers = Object.entries(PROBES).map(
    async ([host, status]) => (await statusOf(port, host)) === status,
  );
  return (await Promise.all(answers)).every(Boolean);
}

function statusOf(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, headers: { host }, timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
  });
}
