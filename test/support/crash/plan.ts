import { isDeepStrictEqual } from "node:util";
import type { Random } from "../random";

/** What a model is to be, as far as the test changes it. */
export interface ModelPlan {
  /** Tag of its own image. @default the fleet's */
  readonly image?: number;
  /** Tag of the image of a second variant. @default there is none */
  readonly challenger?: number;
  /** Whether the model's path leads to the second variant. */
  readonly isPromoted?: boolean;
  /** Which of the encrypted values is its secret. @default it has none */
  readonly secret?: number;
  /** Number of a further path. @default it has only its own */
  readonly alias?: number;
  /** Whether it has two pods and a PodDisruptionBudget. */
  readonly isDoubled?: boolean;
  /** Whether it has a ServiceAccount. */
  readonly hasAccount?: boolean;
}

/** What a fleet is to be: a small model of the settings, from which the test knows every object without asking the program. */
export interface Plan {
  /** Tag of the image of the models without their own. */
  readonly image: number;
  /** Which of the encrypted values is the registry's password. @default there is no registry */
  readonly registry?: number;
  readonly models: Readonly<Record<string, ModelPlan>>;
}

/** How many different secret values there are. */
export const VALUES = 4;

/** The path of the models. */
const PREFIX = "/crash";
const FLEET_OBJECTS = ["ingress/modelfleet", "secret/modelfleet-registry"];

/** The plain text of a secret value. */
export const valueOf = (index: number): string => `value-${index}`;

/** The IDs among which the models are: a quarter more than the fleet has at first. */
export const poolOf = (models: number): string[] =>
  Array.from({ length: models + Math.ceil(models / 4) }, (_, index) => `m${index}`);

/** The plan before the first round. */
export const firstPlan = (models: number): Plan => ({
  image: 1,
  models: Object.fromEntries(poolOf(models).flatMap((id, index) => (index < models ? [[id, {}]] : []))),
});

type Change = (plan: Plan, random: Random, pool: readonly string[]) => Plan;

/** Changes of the settings, with how often each comes. Those of every model at once take long, and are rare. */
const CHANGES: readonly (readonly [weight: number, change: Change])[] = [
  [30, list],
  [20, ofSome((random) => ({ image: random.between(1, 99) }))],
  [20, ofSome((random) => ({ secret: random.between(0, VALUES - 1) }))],
  [10, ofSome((_, { isDoubled = false }) => ({ isDoubled: !isDoubled }))],
  [8, ofSome((random, { alias }) => ({ alias: alias === undefined ? random.between(1, 99) : undefined }))],
  [8, ofSome((random, { challenger }) => ({ challenger: challenger ?? random.between(1, 99) }))],
  [
    8,
    ofSome((_, { challenger, isPromoted }) =>
      challenger === undefined || isPromoted ? ALONE : { isPromoted: true },
    ),
  ],
  [8, ofSome((_, { hasAccount = false }) => ({ hasAccount: !hasAccount }))],
  [2, (plan, random) => ({ ...plan, image: random.between(1, 99) })],
  [
    2,
    ({ registry, ...plan }, random) =>
      registry === undefined ? { ...plan, registry: random.between(0, VALUES - 1) } : plan,
  ],
];

/** A model without a second variant. */
const ALONE = { challenger: undefined, isPromoted: undefined };

/** Another plan: after one to three random changes. */
export function changed(plan: Plan, random: Random, pool: readonly string[]): Plan {
  let next = plan;
  for (let left = random.between(1, 3); left > 0; left -= 1)
    next = random.weighted(CHANGES)(next, random, pool);
  // Some change nothing, such as an image to the one that it is.
  return isDeepStrictEqual(next, plan) ? changed(plan, random, pool) : next;
}

/** Models leave the list, and others come, with settings of their own. */
function list(plan: Plan, random: Random, pool: readonly string[]): Plan {
  const most = Math.ceil(pool.length / 8);
  const ids = Object.keys(plan.models);
  const leaving = new Set(random.some(ids, random.between(0, Math.min(most, ids.length - 1))));
  const absent = pool.filter((id) => !ids.includes(id));
  const coming = random.some(absent, random.between(leaving.size === 0 ? 1 : 0, most));
  const models = {
    ...Object.fromEntries(Object.entries(plan.models).filter(([id]) => !leaving.has(id))),
    ...Object.fromEntries(
      coming.map((id) => [id, random.isLucky(0.5) ? { secret: random.between(0, VALUES - 1) } : {}]),
    ),
  };
  return { ...plan, models };
}

function ofSome(
  change: (random: Random, model: ModelPlan) => { readonly [K in keyof ModelPlan]: ModelPlan[K] | undefined },
): Change {
  return (plan, random, pool) => {
    const chosen = random.some(Object.keys(plan.models), random.between(1, Math.ceil(pool.length / 10)));
    const models = chosen.map((id) => {
      const { [id]: model = {} } = plan.models;
      return [id, defined({ ...model, ...change(random, model) })] as const;
    });
    return { ...plan, models: { ...plan.models, ...Object.fromEntries(models) } };
  };
}

function defined<T extends object>(value: T): ModelPlan {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}

/** The settings of a plan, by key. @param encrypted The values as Pulumi encrypted them, in the stack's file. */
export function settingsOf(
  { image, registry, models }: Plan,
  encrypted: readonly unknown[],
): Record<string, unknown> {
  const catalog = Object.entries(models).map(([id, model]) => [id, entryOf(id, model)] as const);
  const secrets = Object.entries(models).flatMap(([id, { secret }]) =>
    secret === undefined ? [] : [[id, { KEY: encrypted[secret] }] as const],
  );
  return {
    models: Object.keys(models),
    defaults: { image: imageOf(image) },
    catalog: Object.fromEntries(catalog.filter(([, entry]) => Object.keys(entry).length > 0)),
    secrets: secrets.length === 0 ? undefined : Object.fromEntries(secrets),
    registry:
      registry === undefined
        ? undefined
        : { server: "registry.example", username: "reader", password: encrypted[registry] },
  };
}

function entryOf(id: string, model: ModelPlan): object {
  const { image, challenger, isPromoted, alias, isDoubled, hasAccount } = model;
  const variants = { default: {}, next: { image: imageOf(challenger ?? 0) } };
  return {
    ...(image !== undefined && { image: imageOf(image) }),
    ...(alias !== undefined && { aliases: [pathOf(id, alias)] }),
    ...(isDoubled && { replicas: 2, disruptionBudget: { maxUnavailable: 1 } }),
    ...(hasAccount && { serviceAccount: { annotations: { "example.com/role": "reader" } } }),
    ...(challenger !== undefined && { champion: isPromoted ? "next" : "default", variants }),
  };
}

const imageOf = (tag: number): string => `registry.example/model:${tag}`;
const pathOf = (id: string, alias?: number): string =>
  `${PREFIX}/${id}${alias === undefined ? "" : `-${alias}`}`;

/** What a Deployment runs. */
export interface Running {
  readonly image: string;
  readonly replicas: number;
  /** The plain value of its secret; undefined if it has none. */
  readonly secret: string | undefined;
}

/** Everything that a plan's fleet is in the cluster. */
export interface Expected {
  /** Every object as `kind/name`, sorted; the hash of a version of a Secret is `HASH`. */
  readonly objects: readonly string[];
  /** By the name of the Deployment. */
  readonly deployments: Readonly<Record<string, Running>>;
  /** The password with which images are pulled; undefined without a registry. */
  readonly password: string | undefined;
  /** Each path with the Service to which it leads, sorted: `/crash/m1 m1`. */
  readonly routes: readonly string[];
}

/** What a fleet of this plan is, once an update is through. */
export function expectedOf({ image: shared, registry, models }: Plan): Expected {
  const servers = Object.entries(models).flatMap(([id, model]) => {
    const { image = shared, challenger, isDoubled } = model;
    const secret = model.secret === undefined ? undefined : valueOf(model.secret);
    const running = { image: imageOf(image), replicas: isDoubled ? 2 : 1, secret };
    const next =
      challenger === undefined
        ? []
        : [[`${id}-next`, { ...running, image: imageOf(challenger) }, model] as const];
    return [[id, running, model] as const, ...next];
  });
  const objects = servers.flatMap(([name, { secret }, { isDoubled, hasAccount }]) => [
    ...[`deployment/${name}`, `service/${name}`, `secret/${name}-env`],
    ...(secret === undefined ? [] : [`secret/${name}-env-HASH`]),
    ...(isDoubled ? [`poddisruptionbudget/${name}`] : []),
    ...(hasAccount ? [`serviceaccount/${name}`] : []),
  ]);
  const routes = Object.entries(models).flatMap(([id, { alias, isPromoted }]) => {
    const paths = [pathOf(id), ...(alias === undefined ? [] : [pathOf(id, alias)])];
    return paths.map((path) => `${path} ${id}${isPromoted ? "-next" : ""}`);
  });
  return {
    objects: [
      ...objects,
      ...FLEET_OBJECTS,
      ...(registry === undefined ? [] : ["secret/modelfleet-registry-HASH"]),
    ].sort(),
    deployments: Object.fromEntries(servers),
    password: registry === undefined ? undefined : valueOf(registry),
    routes: routes.sort(),
  };
}
