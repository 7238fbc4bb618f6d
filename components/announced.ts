import type * as pulumi from "@pulumi/pulumi";
import { type Announcement, clashes, registeredObject } from "../fleet/objects";
import { UserError } from "../lib/user-error";

/**
 * Returns the announcements if no object is announced twice.
 *
 * @throws UserError that names both makers of such an object
 */
export function announced(announcements: readonly Announcement[]): readonly Announcement[] {
  const problems = clashes(announcements);
  if (problems.length === 0) return announcements;
  const lines = problems.map(
    ({ object, first, second }) => `  ${first} and ${second} both need ${object}; rename one of the two`,
  );
  throw new UserError(`two objects would have one name; nothing was changed:\n${lines.join("\n")}`);
}

/** Lets a fleet register only announced objects. */
export interface Guard {
  /** The transformation that every component of the fleet gets. */
  readonly transformation: pulumi.ResourceTransformation;
  /** Sends the registered objects. Call it after all of them are registered. */
  open(): void;
}

/**
 * Refuses objects that were not announced: the ownership check does not know them, so they could silently take over
 * another team's object. Every object waits for {@link Guard.open}, so nothing is sent if one is refused.
 */
export function guard(announcements: readonly Announcement[]): Guard {
  const objects = new Set<string>(announcements.map(({ object }) => object));
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const transformation: pulumi.ResourceTransformation = ({ type, props, opts }) => {
    const { metadata } = props as { metadata?: Parameters<typeof registeredObject>[1] };
    const object = registeredObject(type, metadata);
    if (object !== undefined && !objects.has(object)) {
      throw new Error(
        `${object} was not announced: add it to the function ...Objects() of the component that makes it`,
      );
    }
    if (!type.startsWith("kubernetes:")) return undefined;
    const { dependsOn = [] } = opts;
    const dependencies = opened.then(() => (Array.isArray(dependsOn) ? dependsOn : [dependsOn]));
    return { props, opts: { ...opts, dependsOn: dependencies as Promise<pulumi.Resource[]> } };
  };
  return { transformation, open };
}
