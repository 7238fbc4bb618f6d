import type * as pulumi from "@pulumi/pulumi";
import { problem, reportOf } from "../config/problem";
import { type Announcement, clashes, registeredObject } from "../fleet/objects";
import { nearest } from "../lib/nearest";
import { UserError } from "../lib/user-error";
import { reportAlterations, withApplied } from "./altered";
import type { HooksOf } from "./hooks";
import { hasStack, ownOptions, transformOwn } from "./own-resources";
import { keyOf, refuseRenames } from "./renamed";

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

/**
 * Refuses entries of `adopt` that name no announced object: they would have no effect.
 *
 * @param adopt As `kind/name`. Entries with a namespace are not the fleet's own objects.
 * @throws UserError with every such entry
 */
export function refuseAdoptOfNothing(adopt: readonly string[], announcements: readonly Announcement[]): void {
  const objects = announcements.map(({ object }) => object);
  const problems = adopt.flatMap((entry, index) => {
    if (entry.split("/").length !== 2 || objects.some((object) => object === entry)) return [];
    const near = nearest(
      entry,
      objects.filter((object) => object.split("/")[0] === entry.split("/")[0]),
    );
    const fix = near === undefined ? "remove it" : `did you mean "${near}"? Else remove it`;
    return [problem(`adopt[${index}]`, entry, "is no object of this fleet", fix)];
  });
  if (problems.length > 0) throw reportOf(problems);
}

/** How objects are guarded. */
export interface GuardOptions {
  /** Called with each announced object. @default nothing is called */
  readonly registered?: ((resource: pulumi.Resource) => void) | undefined;
  /** Give a resource further hooks by its type. @default none */
  readonly hooksOf?: readonly HooksOf[] | undefined;
  /** Whether the program has no transforms, which may rename objects. @default false */
  readonly alone?: boolean | undefined;
}

/** Lets a fleet register only announced objects. */
export interface Guard {
  /** Options for every component of the fleet. */
  readonly opts: { readonly transformations?: pulumi.ResourceTransformation[] };
  /** Sends what was registered; to be called once all of it is. */
  open(): void;
}

/**
 * Refuses objects that were not announced: the ownership check has not looked at them, so they could take over
 * somebody's object without a word. Every object waits for {@link Guard.open}, so nothing is sent if one is refused.
 *
 * @param namespace The fleet's namespace: the check has looked at no other.
 */
export function guard(
  announcements: readonly Announcement[],
  namespace: string,
  { registered, hooksOf = [], alone = false }: GuardOptions = {},
): Guard {
  const objects = new Set<string>(announcements.map(({ object }) => object));
  const names = new Map<string, string>();
  const { promise: opened, resolve: open } = withResolvers();
  const transformation: pulumi.ResourceTransformation = ({ resource, type, name, props, opts }) => {
    const { metadata } = props as { metadata?: Parameters<typeof registeredObject>[1] };
    const object = registeredObject(type, metadata);
    if (object !== undefined) {
      const where = metadata?.namespace;
      const isElsewhere = typeof where === "string" && where !== namespace;
      if (isElsewhere || !objects.has(object))
        throw new Error(notAnnounced(object, isElsewhere ? where : namespace));
      names.set(keyOf(type, name), object);
      registered?.(resource);
    }
    if (!type.startsWith("kubernetes:")) return undefined;
    // Once the constructor has returned, the resource has its outputs.
    void Promise.resolve().then(() => reportAlterations(resource, object ?? type));
    const { dependsOn = [] } = opts;
    const dependencies = opened.then(() => (Array.isArray(dependsOn) ? dependsOn : [dependsOn]));
    return {
      props: withApplied(props),
      opts: {
        ...opts,
        ...withHooks(
          opts.hooks,
          hooksOf.map((of) => of(type)),
        ),
        // Pulumi's order, new before old, would apply the new object over the old one of the same name, and delete both.
        deleteBeforeReplace: opts.retainOnDelete !== true,
        dependsOn: dependencies as Promise<pulumi.Resource[]>,
      },
    };
  };
  transformOwn(transformation);
  if (!alone && hasStack()) refuseRenames(names, namespace);
  return { opts: ownOptions(), open };
}

function withHooks(
  own: pulumi.ResourceHookBinding | undefined,
  others: readonly pulumi.ResourceHookBinding[],
): Pick<pulumi.ResourceOptions, "hooks"> {
  const hooks = Object.assign({}, own, ...others) as pulumi.ResourceHookBinding;
  return Object.keys(hooks).length === 0 ? {} : { hooks };
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

function notAnnounced(object: string, namespace: string): string {
  return (
    `${object} in namespace ${namespace} was not announced: add it to the function ...Objects() beside where it is made; ` +
    "if a transformation of the program gave it this name, leave its name as it is"
  );
}
