import { setTimeout as sleep } from "node:timers/promises";
import { type Kind, pathOf } from "../../fleet/objects";
import type { ObjectMeta } from "../../fleet/owner";
import { type Answer, type Api, unexpectedStatus } from "../../kubernetes/api";
import { say, step } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { awaitAnswers } from "../answers";
import type { Leftovers, OldPaths } from "./leftovers";
import type { RoutesObject } from "./objects";

/**
 * How long an ingress controller may take to follow a changed Ingress, in milliseconds. No controller says when it has:
 * Traefik collects changes for two seconds by default, and ingress-nginx for three.
 */
const FOLLOW_MS = 10_000;

/** How old objects are deleted. */
export interface RemoveArgs {
  readonly api: Api;
  /** Namespace of the old objects. */
  readonly from: string;
  /** Readiness URL of each model that can be asked, by ID. */
  readonly urls: Readonly<Record<string, string>>;
  /** Called when nothing leads to the old objects any more, and every model answers. */
  readonly routesAreGone: () => Promise<void>;
}

/**
 * Deletes old objects: first the paths to them, and the rest only once the ingress controller has followed and the
 * models answer. Deployments come last, since another try finds what is left by them.
 *
 * @throws UserError if somebody changes an object meanwhile, or a model does not answer
 */
export async function removeLeftovers(
  { paths, services, secrets, autoscalers, deployments }: Leftovers,
  { api, from, urls, routesAreGone }: RemoveArgs,
): Promise<void> {
  for (const one of paths) await removePaths(api, from, one);
  if (paths.length > 0) await step("Waiting for the ingress controller to follow", () => sleep(FOLLOW_MS));
  const silent = await awaitAnswers(urls);
  if (silent.size > 0)
    throw new UserError(
      "some models do not answer without their old paths, so their old Deployments and Services stay:\n- " +
        [...silent.values()].join("\n- "),
    );
  await routesAreGone();
  const remove = (kind: Kind, objects: readonly { readonly metadata: ObjectMeta }[]) =>
    Promise.all(objects.map(({ metadata }) => removeObject(api, kind, from, metadata)));
  await remove("service", services);
  await remove("secret", secrets);
  await remove("horizontalpodautoscaler", autoscalers);
  await remove("deployment", deployments);
}

async function removePaths(api: Api, namespace: string, { ingress, routes, isAll }: OldPaths): Promise<void> {
  const { metadata } = ingress;
  if (isAll) return removeObject(api, "ingress", namespace, metadata);
  const what = `ingress/${metadata.name}`;
  const operations = patchWithout(
    ingress,
    routes.map(({ at }) => at),
  );
  const answer = await api.patch(pathOf("ingress", namespace, metadata.name), operations);
  // A failed test of a JSON patch is a 422.
  check(api, `patch ${what}`, answer, [409, 422]);
  say(`  ${what}: removed ${routes.map(({ path, written }) => path ?? written.path).join(", ")}`);
}

/** A JSON patch that removes paths, and rules without a path, if nobody has changed the Ingress. */
export function patchWithout(
  { metadata, spec }: RoutesObject,
  gone: readonly (readonly [rule: number, path: number])[],
): object[] {
  const test = (field: "uid" | "resourceVersion") => ({
    ...{ op: "test", path: `/metadata/${field}`, value: metadata[field] },
  });
  // From the end, so that no index changes before it is used.
  const removals = (spec?.rules ?? []).flatMap((rule, index) => {
    const own = gone.filter(([of]) => of === index).map(([, path]) => path);
    if (own.length === 0) return [];
    if (own.length === rule.http?.paths?.length) return [`/spec/rules/${index}`];
    return own.sort((a, b) => a - b).map((path) => `/spec/rules/${index}/http/paths/${path}`);
  });
  return [
    test("uid"),
    test("resourceVersion"),
    ...removals.reverse().map((path) => ({ op: "remove", path })),
  ];
}

async function removeObject(
  api: Api,
  kind: Kind,
  namespace: string,
  { name = "", uid = "", resourceVersion = "" }: ObjectMeta,
): Promise<void> {
  const path = pathOf(kind, namespace, name);
  // The status of these changes at any time: what counts is that it is the same object.
  const changes = kind === "deployment" || kind === "horizontalpodautoscaler";
  const version = changes ? await versionOf(api, path, uid) : resourceVersion;
  const answer =
    version === undefined
      ? { status: 404, body: {} }
      : await api.delete(path, { uid, resourceVersion: version });
  if (answer.status === 404) return;
  check(api, `delete ${kind}/${name}`, answer, [409]);
  say(`  deleted ${kind}/${name}`);
}

async function versionOf(api: Api, path: string, uid: string): Promise<string | undefined> {
  const answer = await api.get(path);
  if (answer.status === 404) return undefined;
  check(api, `get ${path}`, answer, []);
  const { metadata } = answer.body as { readonly metadata: ObjectMeta };
  return metadata.uid === uid ? metadata.resourceVersion : "0";
}

function check(api: Api, what: string, { status, body }: Answer, changed: readonly number[]): void {
  if (changed.includes(status))
    throw new UserError(
      `somebody has changed an object meanwhile (${what}: ${(body as { message?: string }).message ?? status}); look at it, and run the same command again`,
    );
  if (status !== 200 && status !== 202) throw unexpectedStatus(api, what, status, body);
}
