import type { ControllerName } from "../../config/resolve";
import { overlappingPaths } from "../../config/routes";
import { modelPath } from "../../fleet/names";
import { claimsOf, classOf, entryOf } from "../../ownership/claims";
import type { ContainerObject, PathObject, RoutesObject, ServiceObject } from "./objects";
import type { Remarks } from "./remarks";

/** A path of an Ingress of others that leads to a model's old Service. */
export interface OldRoute {
  readonly ingress: RoutesObject;
  /** Index of its rule, and of its path in it. */
  readonly at: readonly [rule: number, path: number];
  readonly host: string | undefined;
  /** Without a trailing slash; undefined if it is no single path. */
  readonly path: string | undefined;
  readonly written: PathObject;
  readonly service: ServiceObject;
}

/** Where a fleet's models answer. */
export interface Routing {
  readonly host: string | undefined;
  readonly pathPrefix: string;
  readonly className: string;
  readonly controller: ControllerName;
}

/** How a controller is told to strip a path; no other one is known. */
const STRIPS: Readonly<Record<Exclude<ControllerName, "none">, string>> = {
  nginx: "nginx.ingress.kubernetes.io/rewrite-target",
  traefik: "traefik.ingress.kubernetes.io/router.middlewares",
};

/** Annotations of an Ingress that the fleet's own has in its way, or that say nothing about requests. */
const KNOWN_ANNOTATIONS = [
  ...Object.values(STRIPS),
  "nginx.ingress.kubernetes.io/use-regex",
  "nginx.ingress.kubernetes.io/x-forwarded-prefix",
  "nginx.ingress.kubernetes.io/ssl-redirect",
  "kubernetes.io/ingress.class",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** The paths of Ingresses that lead to some Services of their namespace. */
export function routesTo(services: readonly ServiceObject[], ingresses: readonly RoutesObject[]): OldRoute[] {
  return ingresses.flatMap((ingress) =>
    (ingress.spec?.rules ?? []).flatMap((rule, ruleIndex) =>
      (rule.http?.paths ?? []).flatMap((written, pathIndex): OldRoute[] => {
        const service = services.find(({ metadata }) => metadata.name === written.backend?.service?.name);
        if (service === undefined) return [];
        const [claim] = claimsOf({ spec: { rules: [{ ...rule, http: { paths: [written] } }] } });
        const host = rule.host || undefined;
        return [{ ingress, at: [ruleIndex, pathIndex], host, path: claim?.path, written, service }];
      }),
    ),
  );
}

/** The settings of a model's paths. */
interface PathSettings {
  /** Undefined where it is what the model's ID says. */
  readonly path: string | undefined;
  readonly aliases: readonly string[];
}

/** The paths of the model; problems are why the fleet's Ingress cannot take the requests over. */
export function pathsOfModel(
  id: string,
  routes: readonly OldRoute[],
  fleet: Routing,
  remarks: Remarks,
): PathSettings {
  const usual = modelPath(fleet.pathPrefix, id);
  if (routes.length === 0)
    remarks.problem("no Ingress leads to it; to deploy it without a move: npx modelfleet deploy");
  const others = routes.filter(({ path }) => path === undefined || path === "/");
  for (const written of new Set(others.map((route) => route.written.path ?? "/")))
    remarks.problem(
      `its path ${written} is not the path of a model, such as ${usual}; give it one in its Ingress`,
    );
  const paths = [...new Set(routes.flatMap(({ path }) => path ?? []))];
  const path = paths.includes(usual) ? usual : paths[0];
  const aliases = paths.filter((one) => one !== path).sort();
  if (path !== undefined)
    for (const problem of overlappingPaths([{ id, path, aliases }], { formerPathPrefixes: [] }))
      remarks.problem(problem);
  for (const route of routes) remarkOnRoute(route, fleet, remarks);
  return { path: path === usual ? undefined : path, aliases };
}

function remarkOnRoute({ ingress, host, path }: OldRoute, fleet: Routing, remarks: Remarks): void {
  const entry = entryOf(ingress);
  const className = classOf(ingress);
  if (className !== undefined && className !== fleet.className)
    remarks.problem(
      `${entry} has the class ${className}, and ingress.className is ${fleet.className}: they are served by different controllers; set one of the two`,
    );
  // Traefik compares every rule with a request; ingress-nginx looks at no rule without a host if the host has one.
  const isServed = fleet.host === undefined && fleet.controller === "traefik";
  if (host?.toLowerCase() !== fleet.host?.toLowerCase() && !(host !== undefined && isServed))
    remarks.problem(
      `${entry} routes it on ${host ?? "every host"}, and the fleet answers on ${fleet.host ?? "every host"}; ${host === undefined ? "remove routing.host" : `set routing.host to ${host}`}`,
    );
  if (path === undefined) return;
  if (fleet.controller === "none") {
    remarks.note(
      `the fleet does not strip ${path}: see that ${entry} does not either, or that its server takes it`,
    );
    return;
  }
  if (ingress.metadata.annotations?.[STRIPS[fleet.controller]] === undefined)
    remarks.problem(
      `${entry} does not strip ${path} (it has no annotation ${STRIPS[fleet.controller]}), and the fleet does, so the server would get other paths; let the server take them without it first`,
    );
}

/** What of the Ingresses the fleet's own does not have, by the Ingress as `adopt` names it. */
export function remarksOnIngresses(ingresses: Iterable<RoutesObject>): string[] {
  return [...ingresses].flatMap((ingress) => {
    const others = Object.keys(ingress.metadata.annotations ?? {}).filter(
      (key) => !KNOWN_ANNOTATIONS.includes(key),
    );
    return others.length === 0
      ? []
      : [
          `${entryOf(ingress)}: ${others.join(", ")} not carried over; set what is needed in ingress.annotations`,
        ];
  });
}

/** The container's port behind the model's route. */
export function portOfModel(
  routes: readonly OldRoute[],
  { ports = [] }: Pick<ContainerObject, "ports">,
  remarks: Remarks,
): number | undefined {
  const found = new Set(routes.map((route) => numberOf(targetOf(route), ports)));
  const [port] = found;
  if (found.size > 1)
    remarks.problem("its routes lead to several ports, and a model has one; remove the others");
  else if (found.size === 1 && port === undefined)
    remarks.problem(
      "its Service leads to no port of its container; add the container's port to the old Deployment",
    );
  for (const { containerPort } of ports)
    if (port !== undefined && containerPort !== port)
      remarks.note(`its port ${containerPort} is not carried over: a model has one port, ${port}`);
  return port;
}

/** The port that a route leads to: its number, or its name in the container. */
export function targetOf({ written, service }: OldRoute): number | string | undefined {
  const { name, number } = written.backend?.service?.port ?? {};
  const entry = service.spec?.ports?.find((one) =>
    name === undefined ? one.port === number : one.name === name,
  );
  return entry?.targetPort ?? entry?.port;
}

/** The number of a port that may be named. */
export function numberOf(
  port: number | string | undefined,
  ports: NonNullable<ContainerObject["ports"]>,
): number | undefined {
  return typeof port === "string" ? ports.find((one) => one.name === port)?.containerPort : port;
}
