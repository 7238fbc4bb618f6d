import { modelPath, nearestModelId, problemOfModelId } from "../components/names";
import { check, nearest } from "./explain";
import { isMap, merge, withoutNulls } from "./merge";
import { parseModels } from "./models";
import { problem, reportOf, type Problem } from "./problem";
import { fleetSettings, modelSettings, type IngressSettings, type ModelSettings } from "./schema";

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

/** What one replica asks for and may use at most, as Kubernetes quantities. */
export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
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
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
  readinessPath: "/v2/health/ready",
  startupSeconds: 120,
  labels: {},
  annotations: {},
} as const;

/**
 * Turns the stack's config, key by key as Pulumi stores it, into a resolved fleet.
 *
 * @param raw texts by key (without `modelfleet:`); maps and lists as JSON
 * @param isSecret whether a key holds an encrypted value
 * @throws UserError with every problem at once, so that nothing is registered of a fleet that cannot be whole
 */
export function resolveFleet(
  raw: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean = () => true,
): Fleet {
  const { models: modelList, ...rest } = raw;
  const { ids, problems: listProblems } = parseModels(modelList);
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).map(([key, text]) => [key, jsonOrText(text)]),
  );
  const shape = withoutNulls(values);
  const checked = check(fleetSettings, shape, "");
  const problems: Problem[] = [...listProblems, ...checked.problems, ...plainSecrets(values, isSecret)];
  problems.push(...badCatalogIds(values.catalog));
  const fleet = checked.data;
  if (fleet === undefined) throw reportOf([...problems, ...missingImages(ids, values)]);

  const models: Model[] = [];
  for (const id of ids) {
    const merged = merge(values.defaults, isMap(values.catalog) ? values.catalog[id] : undefined) ?? {};
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
    resources: {
      requests: own.resources?.requests ?? FALLBACK.resources.requests,
      limits: own.resources?.limits ?? FALLBACK.resources.limits,
    },
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

/** A secret that was set without --secret stands in plain text in the stack's file: its value is never shown here. */
function plainSecrets(
  values: Readonly<Record<string, unknown>>,
  isSecret: (key: string) => boolean,
): Problem[] {
  const problems: Problem[] = [];
  const fix = (path: string) => `set it with \`pulumi config set --secret --path '${path}'\``;
  // A map that `pulumi config rm` emptied holds nothing to encrypt.
  const held =
    isMap(values.secrets) &&
    Object.values(values.secrets).some((one) => !isMap(one) || Object.keys(one).length > 0);
  if (held && !isSecret("secrets")) {
    problems.push(problem("secrets", undefined, "stands in plain text", fix("secrets.<model>.<NAME>")));
  }
  if (isMap(values.registry) && values.registry.password !== undefined && !isSecret("registry")) {
    problems.push(problem("registry.password", undefined, "stands in plain text", fix("registry.password")));
  }
  return problems;
}

function badCatalogIds(catalog: unknown): Problem[] {
  if (!isMap(catalog)) return [];
  return Object.keys(catalog).flatMap((id) => {
    const rule = problemOfModelId(id);
    if (rule === undefined) return [];
    const near = nearestModelId(id);
    const fix = near ? `did you mean "${near}"?` : "rename the model";
    return [problem(`catalog[${JSON.stringify(id)}]`, undefined, `the name ${rule}`, fix)];
  });
}

/** Of a fleet whose settings are broken elsewhere too, the models that no image was given for. */
function missingImages(
  ids: readonly string[],
  { defaults, catalog }: Readonly<Record<string, unknown>>,
): Problem[] {
  const entries = isMap(catalog) ? catalog : {};
  return ids
    .filter((id) => entries[id] === undefined || isMap(entries[id]))
    .filter((id) => (merge(defaults, entries[id]) as { image?: unknown } | undefined)?.image === undefined)
    .map((id) => missingImage(id, Object.keys(entries)));
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
