/**
 * Waits until the pods of the fleet's Deployments are ready. Pulumi's provider could wait for each, but it has as many
 * requests open as the engine has workers, four per core, and each of them goes through all that happens in the namespace:
 * so a fleet would start a few models at a time (docs/decisions/0051).
 */

import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import * as pulumi from "@pulumi/pulumi";
import { isListening } from "../components/engine-call";
import { known, knownId } from "../components/known-id";
import { transformOwn } from "../components/own-resources";
import { tellWaiting } from "../components/progress";
import type { RollingDeployment } from "../failures/rollout";
import { type End, WaitingRoom } from "../failures/waiting-room";
import { pathOf, pulumiType } from "../fleet/objects";
import { instanceLabels, type ObjectMeta } from "../fleet/owner";
import { connect } from "../kubernetes/api";
import { watchObjects } from "../kubernetes/watch";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import type { OwnershipArgs } from "./finding";
import type { Snapshot } from "./snapshot";

type Args = Pick<OwnershipArgs, "cluster" | "namespace" | "stack">;

/** What else is known, and whom to ask. */
export interface Known {
  readonly snapshot: Pick<Snapshot, "objects">;
  /** Whether the last update left every model ready. If not, unchanged ones are looked at too. */
  readonly wasReady: boolean;
  /** Why the pods of a Deployment are not ready; undefined if there is nothing to tell. */
  readonly explain: (deployment: string) => Promise<string | undefined>;
  /** The component that the fleet is a part of. */
  readonly parent: pulumi.Resource | undefined;
}

/** What became of a Deployment. That of one that was not applied, Pulumi tells. */
type Outcome = "ready" | "not ready" | "not applied" | "stopped";

/** A Deployment that the fleet has registered. */
interface Rollout {
  readonly name: string;
  readonly outcome: Promise<Outcome>;
}

/** The annotation that makes Pulumi's provider wait for nothing. */
const SKIP = { "pulumi.com/skipAwait": "true" };

/** How many models an error names. */
const NAMED = 10;

/**
 * Watches which Deployments the fleet registers from now on, and makes what depends on them wait until their pods are
 * ready. If they do not become ready, what depends on them is refused, and the error says why.
 *
 * @returns Waits for all of them; to be called when everything is registered. Resolves to whether all are ready: if not,
 *   the update fails, and has done the rest. A preview waits for nothing.
 */
export function watchRollouts(args: Args, found: Known): () => Promise<boolean> {
  const rollouts = new Map<pulumi.Resource, Rollout>();
  const before = new Map(
    found.snapshot.objects.get("deployment")?.map(({ metadata }) => [metadata.name, metadata]),
  );
  const room = new WaitingRoom(
    (seen, signal) => {
      const path = pathOf("deployment", args.namespace);
      const watched = { labels: instanceLabels(args.stack), signal };
      return watchObjects<RollingDeployment>(connect(args.cluster), path, watched, seen);
    },
    async () => !(await isListening()),
  );
  const hold = holdDependents(rollouts);
  transformOwn(({ type, name, resource, props, opts }) => {
    if (type !== pulumiType("deployment")) return hold(`${type}::${name}`, props, opts);
    const { metadata } = props as { readonly metadata: { readonly name: string; annotations?: object } };
    const deployment = resource as Deployment;
    // After the constructor has given the resource its outputs.
    const outcome = Promise.resolve().then(() =>
      pulumi.runtime.isDryRun()
        ? "ready"
        : outcomeOf(deployment, {
            ...{ room, ...found, name: metadata.name, timeouts: opts.customTimeouts ?? {} },
            before: before.get(metadata.name),
          }),
    );
    rollouts.set(resource, { name: metadata.name, outcome });
    const annotations = { ...metadata.annotations, ...SKIP };
    return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
  });
  return () => finish(room, [...rollouts.values()], found.parent);
}

/**
 * Makes what depends on Deployments wait for their pods. The engine, which takes a Deployment for done once it is
 * applied, is told by a hook that a resource must not be applied.
 */
function holdDependents(rollouts: ReadonlyMap<pulumi.Resource, Rollout>) {
  const held = new Map<string, readonly Rollout[]>();
  const hook = new pulumi.ResourceHook("pods are ready", async ({ type, name }) => {
    const all = held.get(`${type}::${name}`) ?? [];
    const outcomes = await Promise.all(all.map(({ outcome }) => outcome));
    const late = all
      .filter((_one, index) => outcomes[index] !== "ready")
      .map((one) => `deployment/${one.name}`);
    if (late.length > 0) throw new Error(`not applied, because ${late.join(", ")} is not ready`);
  });
  return (key: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) => {
    const dependsOn = [opts.dependsOn ?? []].flat() as pulumi.Resource[];
    const awaited = dependsOn.flatMap((one) => rollouts.get(one) ?? []);
    if (awaited.length === 0) return undefined;
    held.set(key, awaited);
    const settled = dependsOn.map((one) => rollouts.get(one)?.outcome.then(() => one) ?? one);
    const hooks = { ...opts.hooks, beforeCreate: [hook], beforeUpdate: [hook] };
    return { props, opts: { ...opts, hooks, dependsOn: settled } };
  };
}

interface Waiting extends Known {
  readonly room: WaitingRoom;
  readonly name: string;
  readonly timeouts: pulumi.CustomTimeouts;
  /** As it was before this update; undefined if there was none. */
  readonly before: ObjectMeta | undefined;
}

async function outcomeOf(resource: Deployment, waiting: Waiting): Promise<Outcome> {
  const { room, name, timeouts, before, wasReady } = waiting;
  const id = await knownId(resource);
  if (id === undefined) return "not applied";
  const { generation = 0 } = (await known(resource.metadata)) ?? {};
  const isChanged = before?.generation !== generation;
  if (!isChanged && wasReady) return "ready";
  const seconds = parseInt((before === undefined ? timeouts.create : timeouts.update) ?? "", 10);
  const end = await room.wait({ name, generation, isChanged, seconds }).catch(asError);
  if (end === "ready" || end === "stopped") return end;
  await pulumi.log.error(await textOf(end, waiting, seconds), resource);
  return "not ready";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Why a Deployment is not ready. */
async function textOf(end: End | Error, { name, explain }: Waiting, seconds: number): Promise<string> {
  if (end instanceof Error) return `deployment/${name}: its pods cannot be waited for: ${end.message}`;
  if (end === "gone")
    return `deployment/${name} was deleted while the update waited for its pods; \`pulumi up --refresh\` makes it again`;
  const why = await explain(name);
  if (why !== undefined) return why;
  return (
    `deployment/${name}: its rollout is not complete after ${seconds} s, though no pod of it is broken; ` +
    `see \`kubectl rollout status deployment/${name}\`, and run \`pulumi up\` again`
  );
}

async function finish(
  room: WaitingRoom,
  rollouts: readonly Rollout[],
  parent: pulumi.Resource | undefined,
): Promise<boolean> {
  const stop = tellWaiting(() => room.waiting());
  const outcomes = await Promise.all(rollouts.map(({ outcome }) => outcome)).finally(() => {
    stop();
    room.close();
  });
  const late = rollouts.filter((_one, index) => outcomes[index] === "not ready").map(({ name }) => name);
  if (late.length > 0) await fail(late, parent);
  return outcomes.every((outcome) => outcome === "ready");
}

/** A part of the stack that no update makes: its hook refuses it, which makes the update fail. */
class NotReady extends pulumi.ComponentResource {
  constructor(opts: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:Rollouts", "rollouts", {}, opts);
  }

  /** It has none, for which the engine would look in vain. */
  protected override registerOutputs(): void {}
}

/**
 * Makes the update fail, as after an object that was refused: a program that fails would keep Pulumi from deleting the
 * models that have left the list.
 */
async function fail(names: readonly string[], parent: pulumi.Resource | undefined): Promise<void> {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  const error = new UserError(
    `not ready: ${names.slice(0, NAMED).join(", ")}${more}; an error of each says why`,
  );
  let isTold = false;
  const hook = new pulumi.ResourceHook("every model is ready", () => {
    isTold = true;
    throw error;
  });
  const resource = new NotReady({ ...(parent && { parent }), hooks: { beforeCreate: [hook] } });
  await known(resource.urn);
  // With `--target`, the engine leaves it out.
  if (!isTold) throw asRunError(error);
}
