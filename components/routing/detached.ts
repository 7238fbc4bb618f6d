import * as pulumi from "@pulumi/pulumi";
import { modelNames } from "../../fleet/names";
import { asRunError } from "../../lib/run-error";
import { UserError } from "../../lib/user-error";
import { knownId } from "../known-id";
import type { Backend, Route } from "./route";

/**
 * A route whose Services are their plain names once they are applied. What has them waits for the Services, and the state
 * does not say so: an Ingress that depends on the Services of all models could only be registered together with all of
 * them, and an update of one model registers one.
 */
export function detached(route: Route): Route {
  return { ...route, backends: route.backends.map((backend) => detachedBackend(route.id, backend)) };
}

function detachedBackend(id: string, { object, ...backend }: Backend): Backend {
  if (object === undefined) return backend;
  const { service: name } = modelNames(id, backend.variant);
  return { ...backend, service: pulumi.output(onceApplied(object, name)) };
}

/** The name of a Service. @throws pulumi.RunError if it was not applied, which a preview does not know */
export async function onceApplied(object: pulumi.CustomResource, name: string): Promise<string> {
  const id = await knownId(object);
  if (id !== undefined || pulumi.runtime.isDryRun()) return name;
  const text = `no route was changed, because service/${name} was not applied; correct the errors above, and run the update again`;
  throw asRunError(new UserError(text));
}
