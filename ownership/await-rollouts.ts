/**
 * Waits until the pods of the fleet's Deployments are ready. Pulumi's provider could wait for each, but it has as many
 * requests open as the engine has workers, four per core, and each of them goes through all that happens in the namespace:
 * so a fleet would start a few models at a time (docs/decisions/0051).
 */

import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import * as pulumi from "@pulumi/pulumi";
import { isListening } from "../components/engine-call";
import { withMore } from "../components/hooks";
import { known, knownId } from "../components/known-id";
import { transformOwn } from "../components/own-resources";
import { tellWaiting } from "../components/progress";
import { isRolledOut, type RollingDeployment } from "../failures/rollout";
import { type End, WaitingRoom } from "../failures/waiting-room";
import { pathOf, pulumiType } from "../fleet/objects";
import { instanceLabels, type ObjectMeta, variantOfObject } from "../fleet/owner";
import { type Api, connect } from "../kubernetes/api";
import { watchObjects } from "../kubernetes/watch";
import { atMost } from "../lib/at-most";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";
import { failUpdate, type Late } from "./fail-update";
import type { OwnershipArgs } from "./finding";
import { holdDependents, type Outcome, type Rollout } from "./held";
import type { Snapshot } from "./snapshot";
import { timeoutSeconds } from "./timeouts";

/** The fleet, and what else is known of it. */
export interface RolloutArgs extends Pick<OwnershipArgs, "cluster" | "namespace" | "stack"> {
  readonly snapshot: Pick<Snapshot, "objects">;
  /** Whether the last update left a model as it is now, and ready, by its ID. If not, it is looked at. */
  readonly wasReady: (id: string) => boolean;
  /** Why the pods of a Deployment are not ready; undefined if there is nothing to tell. */
  readonly explain: (deployment: string) => Promise<string | undefined>;
}

/** The wait for a fleet. */
export interface RolloutWatch {
  /** Whether a resource was not applied because pods are not ready; to be asked once the resource has an answer. */
  readonly isRefused: (resource: pulumi.Resource) => boolean;
  /**
   * Waits for all Deployments; to be called when everything is registered. Resolves to whether all are ready: if not, the
   * update fails, and has done the rest. A preview waits for nothing.
   *
   * @param opts Where an object is registered that makes the update fail.
   */
  readonly end: (opts: pulumi.CustomResourceOptions) => Promise<boolean>;
}

/** How many Deployments are looked at once more at the same time. */
const AT_A_TIME = 8;

/**
 * What keeps Pulumi's provider from waiting for the pods. The first one keeps it from waiting for their end too. The other
 * is true of every object: it is for a Deployment with objects beside it that its pods need to the end.
 */
const NO_WAIT = { "pulumi.com/skipAwait": "true" };
const WAIT_FOR_END = { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" };

/**
 * Watches which Deployments the fleet registers from now on, and makes what depends on them wait until their pods are
 * ready. If they do not become ready, what depends on them is refused, and the error says why.
 */
export function watchRollouts(args: RolloutArgs): RolloutWatch {
  const rollouts = new Map<pulumi.Resource, Rollout>();
  const wait = new RolloutWait(args);
  const { hold, isRefused } = holdDependents(rollouts);
  transformOwn((registered) => {
    const { type, name: title, resource, props, opts } = registered;
    if (type !== pulumiType("deployment")) return hold(registered);
    const { metadata } = props as { readonly metadata: ObjectMeta & { readonly name: string } };
    const { name } = metadata;
    const { id } = variantOfObject(metadata);
    const one: Waiting = { title, id, name, resource: resource as Deployment, timeouts: timeoutsOf(opts) };
    // After the constructor has given the resource its outputs.
    const outcome = Promise.resolve().then(() => (pulumi.runtime.isDryRun() ? "ready" : wait.outcomeOf(one)));
    rollouts.set(resource, { name, outcome });
    const isNeeding = [opts.dependsOn ?? []].flat().length > 0;
    const annotations = { ...metadata.annotations, ...(isNeeding ? WAIT_FOR_END : NO_WAIT) };
    return {
      props: { ...props, metadata: { ...metadata, annotations } },
      opts: { ...opts, ...wait.noticing(name, opts.hooks) },
    };
  });
  return { isRefused, end: (opts) => wait.end([...rollouts.values()], opts) };
}

function timeoutsOf({ customTimeouts = {} }: pulumi.CustomResourceOptions): Waiting["timeouts"] {
  const { create, update } = customTimeouts;
  return { create: timeoutSeconds(create), update: timeoutSeconds(update) };
}

/** A Deployment that is waited for. */
interface Waiting {
  /** Its name for Pulumi. */
  readonly title: string;
  /** ID of its model. */
  readonly id: string;
  readonly name: string;
  readonly resource: Deployment;
  /** How long its pods may take, in seconds. */
  readonly timeouts: { readonly create: number; readonly update: number };
}

class RolloutWait {
  /** Names of the Deployments that were there before this update. */
  private readonly before: ReadonlySet<string | undefined>;
  /** Of these, the names for Pulumi of those that this update has applied. */
  private readonly applied = new Set<string>();
  private readonly hook = new pulumi.ResourceHook(
    "modelfleet: applied",
    ({ name }) => void this.applied.add(name),
  );
  private readonly late: Late[] = [];
  private readonly room: WaitingRoom;
  private readonly path: string;
  private api: Api | undefined;
  private readonly limited = atMost(AT_A_TIME);

  constructor(private readonly args: RolloutArgs) {
    const { snapshot, namespace, stack, cluster } = args;
    this.before = new Set(snapshot.objects.get("deployment")?.map(({ metadata }) => metadata.name));
    this.path = pathOf("deployment", namespace);
    this.room = new WaitingRoom(
      (told, signal) => {
        this.api ??= connect(cluster);
        const watched = { labels: instanceLabels(stack), signal };
        return watchObjects<RollingDeployment>(this.api, this.path, watched, told);
      },
      async () => !(await isListening()),
    );
  }

  /** The hooks by which the engine tells that it has applied a Deployment: of a new one, it does so by its answer. */
  noticing(
    name: string,
    own: pulumi.ResourceHookBinding | undefined,
  ): Pick<pulumi.CustomResourceOptions, "hooks"> {
    if (!this.before.has(name)) return {};
    return { hooks: withMore(own, { afterCreate: [this.hook], afterUpdate: [this.hook] }) };
  }

  /** Waits for a Deployment. If its pods do not become ready, an error of it says why. */
  async outcomeOf({ title, id, name, resource, timeouts }: Waiting): Promise<Outcome> {
    if ((await knownId(resource)) === undefined) return "not applied";
    const { generation = 0 } = (await known(resource.metadata)) ?? {};
    const isNew = !this.before.has(name);
    const isApplied = isNew || this.applied.has(title);
    if (!isApplied && this.args.wasReady(id)) return "ready";
    const seconds = isNew ? timeouts.create : timeouts.update;
    const awaited = { name, generation: isApplied ? generation : 0, isApplied, seconds };
    const end = await this.room.wait(awaited).catch(asError);
    if (end === "ready" || end === "stopped") return end;
    if (end === "late" && (await this.isReadyAfterAll(name, awaited.generation))) return "ready";
    const why = await this.textOf(end, name);
    if (isApplied) await pulumi.log.error(why, resource);
    this.late.push({ name, isApplied, tell: () => pulumi.log.error(why, resource) });
    return "not ready";
  }

  /** Whether the watch missed it, such as when the API server did not answer. */
  private async isReadyAfterAll(name: string, generation: number): Promise<boolean> {
    try {
      // One login for all, which may be a program that the kubeconfig names.
      const api = (this.api ??= connect(this.args.cluster));
      const { status, body } = await this.limited(() => api.get(`${this.path}/${name}`));
      const deployment = body as RollingDeployment;
      return status === 200 && (deployment.metadata.generation ?? 0) >= generation && isRolledOut(deployment);
    } catch {
      return false;
    }
  }

  private async textOf(end: End | Error, name: string): Promise<string> {
    if (end instanceof Error) return `deployment/${name}: its pods cannot be waited for: ${end.message}`;
    if (end === "gone")
      return `deployment/${name} is not in the cluster any more; \`pulumi up --refresh\` makes it again`;
    const why = await this.args.explain(name);
    if (why !== undefined) return why;
    const status = `kubectl rollout status deployment/${name} --namespace ${this.args.namespace}`;
    return (
      `deployment/${name}: its rollout is not complete in time, though no pod of it is broken; ` +
      `see \`${status}\`, and run \`pulumi up\` again`
    );
  }

  async end(rollouts: readonly Rollout[], opts: pulumi.CustomResourceOptions): Promise<boolean> {
    const stop = tellWaiting(() => this.room.waiting());
    const outcomes = await Promise.all(rollouts.map(({ outcome }) => outcome)).finally(() => {
      stop();
      this.room.close();
    });
    if (outcomes.includes("stopped"))
      throw asRunError(new UserError("the update was interrupted before every model was ready"));
    if (this.late.length > 0) await failUpdate(this.late, opts, this.args);
    return outcomes.every((outcome) => outcome === "ready");
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
