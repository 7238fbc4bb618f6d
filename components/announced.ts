import type * as pulumi from "@pulumi/pulumi";
import { type Announcement, clashes, registeredObject } from "../fleet/objects";
import { UserError } from "../lib/user-error";

/**
 * Announcements, each of another object.
 *
 * @throws UserError that names both makers of each object that is announced twice
 */
export function announced(announcements: readonly Announcement[]): readonly Announcement[] {
  const problems = clashes(announcements);
  if (problems.length === 0) return announcements;
  const lines = problems.map(
    ({ object, first, second }) => `  ${first} and ${second} both need ${object}; rename one of the two`,
  );
  throw new UserError(`two objects would have one name; nothing was changed:\n${lines.join("\n")}`);
}

/** Lets a fleet register announced objects only. */
export interface Guard {
  /** To be given to every component of the fleet. */
  readonly transformation: pulumi.ResourceTransformation;
  /** Sends what was registered; to be called once all of it is. */
  open(): void;
}

/**
 * Refuses objects that were not announced: the ownership check has not looked at them, so they could take over
 * somebody's object without a word. Every object waits for {@link Guard.open}, so nothing is sent if one is refused.
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
        `${object} was not announced: add it to the function ...Objects() beside where it is made`,
      );
    }
    if (!type.startsWith("kubernetes:")) return undefined;
    const { dependsOn = [] } = opts;
    const dependencies = opened.then(() => (Array.isArray(dependsOn) ? dependsOn : [dependsOn]));
    return { props, opts: { ...opts, dependsOn: dependencies as Promise<pulumi.Resource[]> } };
  };
  return { transformation, open };
}
