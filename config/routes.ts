import { modelPaths } from "../fleet/names";
import type { FleetSettings } from "./fleet-schema";
import { problem, type Problem } from "./problem";

/** What of a model leads to it. */
interface Routed {
  readonly id: string;
  readonly path: string;
  readonly aliases: readonly string[];
}

/** No path may be inside another path. Whole segments count: /models/m1 and /models/m10 do not overlap. */
export function overlappingPaths(models: readonly Routed[]): Problem[] {
  const owners = new Map<string, string>();
  const all = models.flatMap(({ id, ...model }) =>
    modelPaths(model).map((path, index) => ({
      id,
      path,
      key: index === 0 ? "path" : `aliases[${index - 1}]`,
    })),
  );
  const problems: Problem[] = [];
  const clash = ({ id, path, key }: (typeof all)[number], outer: string) => {
    const rule = `is inside the path of "${owners.get(outer)}" (${outer})`;
    problems.push(problem(`catalog.${id}.${key}`, path, rule, "give one of them another path"));
  };
  for (const one of all) {
    if (owners.has(one.path)) clash(one, one.path);
    else owners.set(one.path, one.id);
  }
  for (const one of all) {
    for (let end = one.path.lastIndexOf("/"); end > 0; end = one.path.lastIndexOf("/", end - 1)) {
      const outer = one.path.slice(0, end);
      if (owners.has(outer)) clash(one, outer);
    }
  }
  return problems;
}

/** A certificate is for a host name, and clients shall not be sent to HTTP first. */
export function problemsOfTls({ host, tls, url }: FleetSettings["routing"]): Problem[] {
  if (tls === undefined) return [];
  const needsHost = "needs routing.host, since a certificate is for a host name";
  const isHttp = "is HTTP, although routing.tls is set";
  return [
    ...(host === undefined
      ? [problem("routing.tls", undefined, needsHost, "set routing.host, or remove routing.tls")]
      : []),
    ...(url?.startsWith("http://")
      ? [problem("routing.url", url, isHttp, "let it begin with https://")]
      : []),
  ];
}
