import { controllersWith, neededFeatures } from "../../components/routing/features";
import { hostsOf } from "../../fleet/names";
import { hasLabels } from "../../fleet/owner";
import { hostsMeet } from "../claims";
import type { Check, Finding, Plan } from "../finding";
import { type GatewayFound, type GatewayObject, gatewayOfFleet, type Listener } from "../gateway";
import type { GatewayName } from "../route-claims";
import type { Snapshot } from "../snapshot";

/** Refuses HTTPRoutes that the Gateway would not take, or whose controller cannot do what the settings need. */
export const unsuitableGateway: Check = (plan, snapshot) => {
  const { gateway: found } = snapshot;
  if (found === undefined) return [];
  return [...problemsOfGateway(plan, snapshot, found), ...problemsOfClass(plan, found)];
};

function problemsOfGateway(
  plan: Plan,
  snapshot: Snapshot,
  { gateway, others }: GatewayFound,
): readonly Finding[] {
  const { sectionName } = plan.gateway;
  const { name, namespace } = gatewayOfFleet(plan);
  if (gateway === undefined || gateway === "unreadable") return [];
  if (gateway === "missing") return [missing(gatewayOfFleet(plan), others)];
  const listeners = gateway.spec?.listeners ?? [];
  const named = listeners.filter((one) => sectionName === undefined || one.name === sectionName);
  if (named.length === 0) {
    const names = listeners.map((one) => one.name).join(", ");
    return [
      error(
        `gateway.sectionName: Gateway ${namespace}/${name} has no listener "${sectionName ?? ""}"; its listeners are ${names}`,
      ),
    ];
  }
  const refusals = named.map((listener) => refusalOf(listener, plan, snapshot));
  if (refusals.every((one) => one !== undefined)) {
    const why = named.map((listener, index) => `listener "${listener.name}" ${refusals[index] ?? ""}`);
    return [
      error(
        `gateway.name: no listener of Gateway ${namespace}/${name} takes the fleet's routes: ${why.join("; ")}; ` +
          "ask whoever made the Gateway to admit them, or let the fleet make its own with gateway.create",
      ),
    ];
  }
  return notProgrammed(gateway, `${namespace}/${name}`);
}

function missing({ name, namespace }: GatewayName, others: readonly string[]): Finding {
  const there =
    others.length > 0
      ? `there are ${others.join(", ")} (namespace/name): name one of them, or`
      : "make it, or";
  return error(
    `gateway.name: there is no Gateway "${name}" in namespace "${namespace}"; ${there} let the fleet make its own with gateway.create`,
  );
}

/** Why a listener takes none of the fleet's routes; undefined if it takes them, or nobody knows. */
function refusalOf(
  { protocol, hostname, allowedRoutes: { namespaces = {}, kinds } = {} }: Listener,
  plan: Plan,
  snapshot: Pick<Snapshot, "namespace">,
): string | undefined {
  const { namespace, routing } = plan;
  if (protocol !== "HTTP" && protocol !== "HTTPS") return `is for ${protocol}`;
  if (kinds !== undefined && !kinds.some(({ kind }) => kind === "HTTPRoute")) return "takes no HTTPRoutes";
  const other =
    hostname === undefined ? undefined : hostsOf(routing).find((host) => !hostsMeet(host, hostname));
  if (other !== undefined) return `is for host ${hostname ?? ""}, and the fleet's host is ${other}`;
  const { from = "Same", selector } = namespaces;
  if (from === "Same" && gatewayOfFleet(plan).namespace !== namespace)
    return "takes routes of its own namespace only";
  if (from === "None") return "takes no routes";
  const object = snapshot.namespace;
  if (from !== "Selector" || typeof object !== "object" || selector?.matchLabels === undefined)
    return undefined;
  return hasLabels(object.metadata?.labels, selector.matchLabels)
    ? undefined
    : `takes routes of namespaces with ${Object.entries(selector.matchLabels)
        .map((label) => label.join("="))
        .join(", ")}, which namespace "${namespace}" has not`;
}

/** A Gateway that serves nothing may still start to: whoever runs it sees the fleet's routes then. */
function notProgrammed({ status }: GatewayObject, name: string): Finding[] {
  const programmed = status?.conditions?.find(({ type }) => type === "Programmed");
  if (programmed?.status !== "False") return [];
  const text = `gateway.name: Gateway ${name} serves no requests yet: ${programmed.message ?? "it gives no reason"}`;
  return [{ level: "warning", text }];
}

function problemsOfClass(plan: Plan, { className = "", gatewayClass, others }: GatewayFound): Finding[] {
  if (gatewayClass === "unreadable") return [];
  if (gatewayClass === "missing") {
    const there =
      others.length > 0 ? `; there are ${others.join(", ")}` : "; install a controller that makes one";
    return [error(`gateway.className: the cluster has no GatewayClass "${className}"${there}`)];
  }
  const { supportedFeatures = [] } = gatewayClass.status ?? {};
  // A controller that lists nothing says nothing.
  if (supportedFeatures.length === 0) return [];
  const supported = new Set(supportedFeatures.map(({ name }) => name));
  return neededFeatures(plan)
    .filter(({ feature }) => !supported.has(feature))
    .map(({ feature, setting, fix }) =>
      error(
        `${setting}: needs ${feature} of the Gateway API, which ${gatewayClass.spec?.controllerName ?? "the controller"} of GatewayClass "${className}" does not have; ` +
          `${fix}, or take a controller that has it, such as ${controllersWith(feature)}`,
      ),
    );
}

function error(text: string): Finding {
  return { level: "error", text };
}
