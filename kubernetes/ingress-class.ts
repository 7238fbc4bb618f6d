import type { FleetSettings } from "../config/fleet-schema";
import { problem, type Problem } from "../config/problem";
import type { ControllerName, IngressSettings } from "../config/resolve";
import { nearest } from "../lib/nearest";
import { type Api, unexpectedStatus } from "./api";

/** An IngressClass of the cluster. */
export interface IngressClass {
  readonly name: string;
  /** Its controller, such as `traefik.io/ingress-controller`. */
  readonly controller: string;
  readonly isDefault: boolean;
}

/** The Ingress as the cluster serves it. With a problem, it is one that nothing may be sent for. */
export interface ChosenIngress {
  readonly ingress: IngressSettings;
  readonly problems: readonly Problem[];
}

type Settings = FleetSettings["ingress"];

/** @see https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class */
const CLASSES = "/apis/networking.k8s.io/v1/ingressclasses";
const IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";

/** The controllers whose Ingress is known. */
const SERVED_BY: Readonly<Record<string, ControllerName>> = {
  "k8s.io/ingress-nginx": "nginx",
  "traefik.io/ingress-controller": "traefik",
};

/** Another controller with nginx, which reads other annotations: `controller: nginx` would strip nothing. */
const F5_NGINX = "nginx.org/ingress-controller";

/** How the account gets the right. */
const GRANT = "let the account list ingressclasses.networking.k8s.io (docs/own-cluster.md)";

/**
 * Chooses the class and the controller of an Ingress: what the settings say, otherwise what the cluster says.
 *
 * @throws NoResponse if the cluster does not answer, UserError if it answers otherwise than with yes or forbidden
 */
export async function ingressOf(api: Api, settings: Settings): Promise<ChosenIngress> {
  return chooseIngress(settings, await readIngressClasses(api));
}

/** The settings of a fleet without an Ingress, which needs no class. */
export function unservedIngress({
  annotations,
  className = "",
  controller = "none",
}: Settings): IngressSettings {
  return { annotations, className, controller };
}

/** Undefined if the account may not list them. */
async function readIngressClasses(api: Api): Promise<readonly IngressClass[] | undefined> {
  const { status, body } = await api.get(CLASSES);
  if (status === 403) return undefined;
  if (status !== 200) throw unexpectedStatus(api, "list ingressclasses", status, body);
  const { items = [] } = body as {
    readonly items?: readonly {
      readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
      readonly spec?: { readonly controller?: string };
    }[];
  };
  return items.map(({ metadata: { name, annotations = {} }, spec }) => ({
    ...{ name, controller: spec?.controller ?? "", isDefault: annotations[IS_DEFAULT] === "true" },
  }));
}

/** @param classes Those of the cluster; undefined if the account may not list them. */
export function chooseIngress(
  settings: Settings,
  classes: readonly IngressClass[] | undefined,
): ChosenIngress {
  const named = settings.className === undefined ? defaultClass(settings, classes) : settings.className;
  const found = typeof named === "string" ? classes?.find(({ name }) => name === named) : undefined;
  const ingress = unservedIngress(settings);
  if (typeof named !== "string") return { ingress, problems: [named.problem] };
  if (classes !== undefined && found === undefined)
    return { ingress, problems: [unknownClass(named, classes)] };
  const controller = controllerOf(named, settings, found, classes);
  if (typeof controller !== "string") return { ingress, problems: [controller.problem] };
  return { ingress: { ...ingress, className: named, controller }, problems: [] };
}

interface Failed {
  readonly problem: Problem;
}

function defaultClass(
  { controller }: Settings,
  classes: readonly IngressClass[] | undefined,
): string | Failed {
  const failed = (rule: string, fix: string): Failed => ({
    problem: problem("ingress.className", undefined, `is not set, and ${rule}`, fix),
  });
  if (classes === undefined) {
    const both = controller === undefined ? "it and ingress.controller" : "it";
    return failed(
      "the account may not list IngressClasses to find the cluster's default class",
      `set ${both}, or ${GRANT}`,
    );
  }
  if (classes.length === 0)
    return failed("the cluster has no IngressClass", "install an ingress controller, such as Traefik");
  const defaults = classes.filter(({ isDefault }) => isDefault);
  const [only] = defaults;
  if (only === undefined)
    return failed("the cluster has no default class", `set it to one of ${listOf(classes)}`);
  return defaults.length === 1
    ? only.name
    : failed("the cluster has several default classes", `set it to one of ${listOf(defaults)}`);
}

function unknownClass(name: string, classes: readonly IngressClass[]): Problem {
  const near = nearest(
    name,
    classes.map((one) => one.name),
  );
  const hint = near === undefined ? "" : `did you mean "${near}"? `;
  const fix =
    classes.length === 0
      ? "it has none: install an ingress controller, such as Traefik"
      : `${hint}It has ${listOf(classes)}`;
  return problem("ingress.className", name, "is no IngressClass of the cluster", fix);
}

function controllerOf(
  className: string,
  { controller }: Settings,
  found: IngressClass | undefined,
  classes: readonly IngressClass[] = [],
): ControllerName | Failed {
  if (found === undefined) {
    const known = controller ?? Object.values(SERVED_BY).find((name) => name === className);
    const rule = `is not set, and the account may not list IngressClasses to find the controller of "${className}"`;
    const fix = `set it to nginx, traefik or none, or ${GRANT}`;
    return known ?? { problem: problem("ingress.controller", undefined, rule, fix) };
  }
  const served = SERVED_BY[found.controller];
  const isOther = served !== undefined || found.controller === F5_NGINX;
  if (controller !== undefined) {
    // Any other controller may be one of these two that was given another name.
    if (controller === "none" || controller === served || !isOther) return controller;
    const rule = `is not the controller of the IngressClass "${className}", which is ${found.controller}`;
    return { problem: problem("ingress.controller", controller, rule, "remove it, or choose another class") };
  }
  if (served !== undefined) return served;
  const others = classes.filter(({ controller: one }) => SERVED_BY[one] !== undefined);
  const by = found.controller === F5_NGINX ? `${F5_NGINX} (not ingress-nginx)` : found.controller || "nobody";
  const rule = `is served by ${by}, for which no way to strip a path is known`;
  const other = others.length === 0 ? "" : `, or choose ${listOf(others)}`;
  const fix = `set ingress.controller to none, with which the model gets the whole path${other}`;
  return { problem: problem("ingress.className", className, rule, fix) };
}

/** `traefik (traefik.io/ingress-controller), nginx (k8s.io/ingress-nginx)`. */
function listOf(classes: readonly IngressClass[]): string {
  return classes.map(({ name, controller }) => `${name} (${controller})`).join(", ");
}
