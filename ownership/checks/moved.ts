import { hostsOf, modelPath, modelPaths } from "../../fleet/names";
import type { Check, Finding, Plan } from "../finding";
import { claimsToday } from "../own-routes";

/** A model whose URL had another path in the last update, which nothing would answer any more. */
interface Moved {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Refuses that the path of a model changes while nothing answers the former one: clients would fail in the same moment.
 * An alias that goes is no such change, since that is what somebody has decided.
 */
export const movedPaths: Check = (plan, { last, ...snapshot }) => {
  const { urls = {} } = last;
  const paths = [...new Set(claimsToday(plan, snapshot).map(({ path }) => path))];
  const wanted = new Set(plan.models.flatMap(modelPaths));
  const moved = plan.models.flatMap(({ id, path }): Moved[] => {
    // A URL may have a path of its own before that of the model.
    const [from] = paths.filter((one) => urls[id]?.endsWith(one)).sort((a, b) => b.length - a.length);
    return from === undefined || from === "/" || wanted.has(from) ? [] : [{ id, from, to: path }];
  });
  const prefixes = [...new Set(moved.map(prefixOf))];
  return prefixes.flatMap((prefix) => {
    const some = moved.filter((one) => prefixOf(one) === prefix);
    return prefix === undefined || some.length === 1
      ? some.map(ofPath)
      : [ofPrefix(prefix, some.length, plan)];
  });
};

/** The prefix that a model's path had, if it was that prefix and its ID, and is another one with its ID. */
function prefixOf({ id, from, to }: Moved): string | undefined {
  const end = `/${id}`;
  return from.endsWith(end) && to.endsWith(end) ? from.slice(0, -end.length) || "/" : undefined;
}

function ofPath({ id, from, to }: Moved): Finding {
  const text =
    `catalog.${id}.path: changes from ${from} to ${to}, and requests to the former path would fail; ` +
    `keep it until no client uses it: \`pulumi config set --path 'catalog.${id}.aliases[0]' ${from}\` (as a further one, if there are some)`;
  return { level: "error", text };
}

function ofPrefix(prefix: string, count: number, { models }: Plan): Finding {
  const [example = ""] = models.map(({ id }) => modelPath(prefix, id));
  const text =
    `routing.pathPrefix: the paths of ${count} models change, and requests to the former ones, such as ${example}, would fail; ` +
    `keep them until no client uses them: \`pulumi config set --path 'routing.formerPathPrefixes[0]' ${prefix}\` (as a further one, if there are some)`;
  return { level: "error", text };
}

/** The same for the host of the models' URLs. */
export const movedHost: Check = (plan, { last, ...snapshot }) => {
  const claims = claimsToday(plan, snapshot);
  // At `/`, a host is that of a single model, or the default backend answers.
  const hosts = new Set(claims.filter(({ path }) => path !== "/").map(({ host }) => host));
  const wanted = hostsOf(plan.routing);
  const ofModels = movedHostsOfModels(plan, last.urls, new Set(claims.map(({ host }) => host)));
  if (hosts.size === 0 || wanted.includes(undefined)) return ofModels;
  if (hosts.has(undefined)) {
    const text = `routing.host: the models answer on every host until now, and only on ${wanted.join(", ")} from this update on`;
    return [...ofModels, { level: "warning", text }];
  }
  const former = [...hosts].find((host) =>
    plan.models.some(({ id }) => host !== undefined && hostOf(last.urls?.[id]) === host),
  );
  if (former === undefined || wanted.includes(former)) return ofModels;
  const text =
    `routing.host: changes from ${former} to ${wanted[0] ?? ""}, and requests to the former host would fail; ` +
    `keep it until no client uses it: \`pulumi config set --path 'routing.additionalHosts[0]' ${former}\` (as a further one, if there are some)`;
  return [...ofModels, { level: "error", text }];
};

/** A model has one host of its own, so nothing can keep the former one. */
function movedHostsOfModels(
  { models, routing }: Plan,
  urls: Readonly<Record<string, string>> = {},
  hosts: ReadonlySet<string | undefined>,
): Finding[] {
  const all = new Set([...hostsOf(routing), ...models.map(({ host }) => host)]);
  return models.flatMap(({ id, host }) => {
    const former = hostOf(urls[id]);
    const isOwn = former !== undefined && new URL(urls[id] ?? "").pathname === "/";
    if (!isOwn || !hosts.has(former) || all.has(former)) return [];
    const now = host === undefined ? "is removed" : `changes to ${host}`;
    const text = `catalog.${id}.host: ${now}, and requests to ${former} fail from this update on; move its clients to its path before`;
    return [{ level: "warning", text }];
  });
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}
