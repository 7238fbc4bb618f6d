import * as pulumi from "@pulumi/pulumi";
import { modelNames } from "../../fleet/names";
import { asRunError } from "../../lib/run-error";
import { UserError } from "../../lib/user-error";
import type { Backend, Route } from "./route";

/**
 * A route whose Services are their plain names once they are applied. What has them waits for the Services, and the state
 * does not say so: an Ingress that depends on the Services of all models could only be registered together with all of
 * them, and an update of one model registers one.
 */
export function detached(route: Route): Route {
  return { ...route, backends: route.backends.map((backend) => detachedBackend(route.id, backend)) };
}

function detachedBackend(id: string, backend: Backend): Backend {
  if (!pulumi.Output.isInstance(backend.service)) return backend;
  return {
    ...backend,
    service: pulumi.output(
      onceApplied(backend.service as unknown as Known, modelNames(id, backend.variant).service),
    ),
  };
}

/** The part of an output that the SDK's types leave out: whether its value is known, which a failed object has not. */
interface Known {
  readonly isKnown: Promise<boolean>;
}

/** The name of a Service. @throws pulumi.RunError if it was not applied */
export async function onceApplied({ isKnown }: Known, name: string): Promise<string> {
  if (!(await isKnown) && !pulumi.runtime.isDryRun())
    throw asRunError(
      new UserError(
        `no route was changed, because service/${name} was not applied; correct the errors above, and run the update again`,
      ),
    );
  return name;
}
