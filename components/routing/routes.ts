import type * as pulumi from "@pulumi/pulumi";
import { usesGateway, usesIngress } from "../../config/gateway-rules";
import type { Fleet } from "../../config/resolve";
import type { Extras, Scope } from "../metadata";
import type { ModelService } from "../model-service";
import { detached } from "./detached";
import { createModelRoute, ModelGateway } from "./model-gateway";
import { ModelIngress, type ModelIngressArgs } from "./model-ingress";
import type { Route } from "./route";

/** What leads to the models, and when. */
export interface RoutesArgs
  extends
    Scope,
    Extras,
    Pick<Fleet, "routing" | "ingress" | "gateway">,
    Pick<ModelIngressArgs, "defaultService"> {
  readonly models: readonly Pick<Fleet["models"][number], "id" | "labels" | "route">[];
  /** One per model. */
  readonly routes: readonly Route[];
  /** By model ID. An HTTPRoute is made only for these. */
  readonly services: ReadonlyMap<string, ModelService>;
  /** IDs of models that the Ingress waits for. */
  readonly takesOver: readonly string[];
  /** By model ID, the models whose HTTPRoutes take over a path of it, and must do so first. */
  readonly handovers: ReadonlyMap<string, readonly string[]>;
}

/** Makes the Ingress, the HTTPRoutes, or both. */
export function createRoutes(args: RoutesArgs, opts: pulumi.CustomResourceOptions): void {
  const { namespace, stack, labels, annotations, routing, ingress, gateway, defaultService, routes } = args;
  const own = { namespace, stack, labels, annotations, routing, defaultService };
  if (usesIngress(routing))
    new ModelIngress(
      "models",
      { ...own, ingress, routes: routes.map(detached), awaits: args.takesOver },
      opts,
    );
  if (!usesGateway(routing)) return;
  const hasHosts = routes.some(({ host }) => host !== undefined);
  const { scope } = new ModelGateway("models", { ...own, gateway, hasHosts }, opts);
  createModelRoutes(args, scope);
}

function createModelRoutes(
  { models, services, handovers, namespace, stack, routing }: RoutesArgs,
  scope: ModelGateway["scope"],
): void {
  const made = new Map<string, pulumi.Resource>();
  const byId = new Map(models.map((model) => [model.id, model]));
  for (const id of inOrder([...byId.keys()], handovers)) {
    const [model, parent] = [byId.get(id), services.get(id)];
    if (model === undefined || parent === undefined) continue;
    const { annotations, timeoutSeconds = routing.timeoutSeconds } = model.route;
    const dependsOn = (handovers.get(id) ?? []).flatMap((one) => made.get(one) ?? []);
    const args = { stack, namespace, labels: model.labels, annotations, parent, dependsOn };
    made.set(id, createModelRoute({ ...parent.route, timeoutSeconds }, scope, args));
  }
}

/** Model IDs in an order in which each comes after those that take its paths over; those of a cycle are left out. */
export function inOrder(
  ids: readonly string[],
  after: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const done = new Set<string>();
  for (let before = -1; before < done.size;) {
    before = done.size;
    for (const id of ids) if ((after.get(id) ?? []).every((one) => done.has(one))) done.add(id);
  }
  return [...done];
}
