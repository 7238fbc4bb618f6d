import { modelPath, nearestModelId, problemOfModelId } from "../fleet/names";
import { nearest } from "../lib/nearest";
import { check } from "./explain";
import { isMap, merge, withoutNulls } from "./merge";
import { parseModels } from "./models";
import { problem, type Problem, reportOf } from "./problem";
import { type Resources, withFallbackResources } from "./resources";
import { fleetSettings, type IngressSettings, modelSettings, type ModelSettings } from "./schema";
import { type IsSecret, isSecretKey, lostSecrets, plainSecrets } from "./secrecy";

/** Which controller's annotations the Ingress bears. */
export type IngressController = "nginx" | "traefik";

/** Everything of one active model, defaults applied. */
export interface Model {
  readonly id: string;
  readonly image: string;
  readonly args: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly secretEnv: Readonly<Record<string, string>>;
  readonly port: number;
  readonly replicas: number;
  readonly resources: Resources;
  readonly readinessPath: string;
  readonly startupSeconds: number;
  readonly runAsUser: number | undefined;
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The whole fleet, resolved. Secrets are plain here: `load.ts` wraps them before anything else sees them. */
export interface Fleet {
  readonly namespace: string;
  readonly models: readonly Model[];
  readonly registry:
    { readonly server: string; readonly username: string; readonly password: string } | undefined;
  readonly ingress: Omit<IngressSettings, "controller"> & { readonly controller: IngressController };
  readonly adopt: readonly string[];
}

/** Applied where neither the catalog nor `defaults` says anything. */
const FALLBACK = {
  env: {},
  port: 8080,
  replicas: 1,
  readinessPath: "/v2/health/ready",
  startupSeconds: 120,
  labels: {},
  annotations: {},
} as const;

/**
 * Turns the stack's config, key by key as Pulumi stores it, into a resolved fleet.
 *
 * @param raw texts by key (without `modelfleet:`); maps and lists as JSON
 * @param isSecret tells what is encrypted; unless told, the keys that must be
 * @throws UserError with every problem at once, so that nothing is registered of a fleet that cannot be whole
 */
export function resolveFleet(raw: Readonly<Record<string, string>>, isSecret: IsSecret = isSecretKey): Fleet {
  const { models: modelList, ...rest } = raw;
  const { ids, problems: listProblems } = parseModels(modelList);
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).map(([key, text]) => [key, jsonOrText(text)]),
  );
  const shape = withoutNulls(values);
  const checked = check(fleetSettings, shape, "");
  const problems: Problem[] = [...listProblems, ...checked.problems];
  problems.push(...plainSecrets(values, isSecret), ...lostSecrets(Object.keys(raw), isSecret));
  problems.push(...badIds("catalog", values.catalog), ...badIds("secrets", values.secrets));
  const fleet = checked.data;
  if (fleet === undefined) throw reportOf([...problems, ...missingImages(ids, values)]);

  const models: Model[] = [];
  for (const id of ids) {
    const merged = merge(values.defaults, entryOf(values.catalog, id)) ?? {};
    const own = check(modelSettings, withoutNulls(merged), `catalog.${id}`);
    problems.push(...own.problems);
    if (own.data === undefined) continue;
    const { image } = own.data;
    if (image === undefined) {
      problems.push(missingImage(id, Object.keys(fleet.catalog)));
      continue;
    }
    const secretEnv = fleet.secrets[id] ?? {};
    for (const name of Object.keys(secretEnv)) {
      if (own.data.env?.[name] === undefined) continue;
      problems.push(
        problem(
          `catalog.${id}.env.${name}`,
          undefined,
          `stands in secrets.${id} too`,
          "remove one of the two",
        ),
      );
    }
    models.push(withFallback(id, { ...own.data, image }, secretEnv, fleet.ingress.pathPrefix));
  }
  problems.push(...overlappingPaths(models));
  const controller = controllerOf(fleet.ingress);
  if (controller === undefined) {
    const fix = "set ingress.controller to nginx or traefik, whichever serves that class";
    problems.push(
      problem("ingress.className", fleet.ingress.className, "does not say which controller it is", fix),
    );
  }
  if (controller === undefined || problems.length > 0) throw reportOf(problems);
  return {
    namespace: fleet.namespace,
    models,
    registry: fleet.registry,
    ingress: { ...fleet.ingress, controller },
    adopt: fleet.adopt,
  };
}

function withFallback(
  id: string,
  own: ModelSettings & { image: string },
  secretEnv: Record<string, string>,
  pathPrefix: string,
): Model {
  return {
    id,
    image: own.image,
    args: own.args,
    env: own.env ?? FALLBACK.env,
    secretEnv,
    port: own.port ?? FALLBACK.port,
    replicas: own.replicas ?? FALLBACK.replicas,
    resources: withFallbackResources(own.resources ?? {}),
    readinessPath: own.readinessPath ?? FALLBACK.readinessPath,
    startupSeconds: own.startupSeconds ?? FALLBACK.startupSeconds,
    runAsUser: own.runAsUser,
    path: own.path ?? modelPath(pathPrefix, id),
    labels: own.labels ?? FALLBACK.labels,
    annotations: own.annotations ?? FALLBACK.annotations,
  };
}

/** Pulumi keeps maps and lists as JSON; anything that is none stays the text that it is, for the schema to judge. */
function jsonOrText(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Model IDs, under a key that maps them to something, that no model can have. */
function badIds(key: string, map: unknown): Problem[] {
  if (!isMap(map)) return [];
  return Object.keys(map).flatMap((id) => {
    const rule = problemOfModelId(id);
    if (rule === undefined) return [];
    const near = nearestModelId(id);
    const fix = near ? `did you mean "${near}"?` : "rename the model";
    return [problem(`${key}[${JSON.stringify(id)}]`, undefined, `the name ${rule}`, fix)];
  });
}

/** What a map has for a model; an entry that is there and empty, as YAML makes one of `iris:` alone, says nothing. */
function entryOf(catalog: unknown, id: string): unknown {
  return isMap(catalog) ? (catalog[id] ?? undefined) : undefined;
}

/** Of a fleet whose settings are broken elsewhere too, the models that no image was given for. */
function missingImages(
  ids: readonly string[],
  { defaults, catalog }: Readonly<Record<string, unknown>>,
): Problem[] {
  const known = isMap(catalog) ? Object.keys(catalog) : [];
  return ids
    .map((id) => ({ id, entry: entryOf(catalog, id) }))
    .filter(({ entry }) => entry === undefined || isMap(entry))
    .filter(({ entry }) => (merge(defaults, entry) as { image?: unknown } | undefined)?.image === undefined)
    .map(({ id }) => missingImage(id, known));
}

function missingImage(id: string, catalogIds: readonly string[]): Problem {
  const near = catalogIds.includes(id) ? undefined : nearest(id, catalogIds);
  const fix = `\`pulumi config set --path catalog.${id}.image <image>\`, or defaults.image for all models`;
  return problem(
    `catalog.${id}.image`,
    undefined,
    "is missing",
    near ? `did you mean the model "${near}"? Else ${fix}` : fix,
  );
}

/** A path may not stand inside another's, whole segments counted: /models/m1 and /models/m10 do not overlap. */
function overlappingPaths(models: readonly Model[]): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  const clash = (model: Model, path: string) => {
    const rule = `lies inside the path of "${owners.get(path)}" (${path})`;
    problems.push(problem(`catalog.${model.id}.path`, model.path, rule, "give one of them another path"));
  };
  for (const model of models) {
    if (owners.has(model.path)) clash(model, model.path);
    else owners.set(model.path, model.id);
  }
  for (const model of models) {
    for (let end = model.path.lastIndexOf("/"); end > 0; end = model.path.lastIndexOf("/", end - 1)) {
      const outer = model.path.slice(0, end);
      if (owners.has(outer)) clash(model, outer);
    }
  }
  return problems;
}

function controllerOf({ controller, className }: IngressSettings): IngressController | undefined {
  return controller ?? (className === "nginx" || className === "traefik" ? className : undefined);
}
