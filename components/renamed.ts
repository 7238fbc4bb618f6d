import * as pulumi from "@pulumi/pulumi";
import { registeredObject } from "../fleet/objects";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";

/** How a resource of the fleet is found again, by Pulumi's type and name. */
export function keyOf(type: string, name: string): string {
  return `${type}::${name}`;
}

/**
 * Refuses transforms of the program that give an object of the fleet another name or namespace: the ownership check has
 * not looked at that one. Everything else is the program's to change.
 *
 * @param names The announced object of each resource, by {@link keyOf}. It may be filled later.
 */
export function refuseRenames(names: ReadonlyMap<string, string>, namespace: string): void {
  // Registered after those of the program, so it sees what these make of an object.
  pulumi.runtime.registerResourceTransform(async ({ type, name, props, opts }) => {
    const announced = names.get(keyOf(type, name));
    if (announced === undefined || !(await isOfFleet(opts.parent))) return undefined;
    const { metadata } = props as { metadata?: Parameters<typeof registeredObject>[1] };
    const problem = problemOfRename(
      announced,
      namespace,
      registeredObject(type, metadata),
      metadata?.namespace,
    );
    if (problem !== undefined) throw asRunError(new UserError(problem));
    return undefined;
  });
}

/** @param where The namespace after the transforms; no string if it is not known yet. */
export function problemOfRename(
  announced: string,
  namespace: string,
  object: string | undefined,
  where: unknown,
): string | undefined {
  const isMoved = typeof where === "string" && where !== namespace;
  if (object === announced && !isMoved) return undefined;
  const now = `${object ?? "no object"} in namespace "${isMoved ? where : namespace}"`;
  return (
    `${announced}: a transform of the program makes it ${now}, which nobody has checked for other owners; ` +
    "it was not applied: leave metadata.name and metadata.namespace as they are"
  );
}

/** The program may have a resource of the same type and name below another one. */
async function isOfFleet(parent: pulumi.Resource | undefined): Promise<boolean> {
  if (parent === undefined) return true;
  const urn = await new Promise<string>((resolve) => parent.urn.apply(resolve));
  const types = urn.split("::")[2] ?? "";
  return types === "pulumi:pulumi:Stack" || types.includes("modelfleet:serving:");
}
