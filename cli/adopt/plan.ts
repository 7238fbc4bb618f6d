import { reportOf } from "../../config/problem";
import type { Api } from "../../kubernetes/api";
import { entryOf } from "../../ownership/claims";
import { serverOf } from "./containers";
import { type Adoption, adoptionOf, type OldModel } from "./entry";
import { type Namespace, selects } from "./find";
import type { FleetView } from "./fleet";
import type { DataObject } from "./objects";
import { registriesOf, type Registry, registryToSet } from "./registry";
import { remarksOnIngresses } from "./routes";
import { pullSecretsOf, readSecrets, readSources } from "./sources";
import { type Tls, tlsToSet } from "./tls";

/** What is to be written into the settings. */
export interface AdoptionPlan {
  readonly adoptions: readonly Adoption[];
  /** The Ingresses that route the models' paths, as `adopt` names them. */
  readonly ingresses: readonly string[];
  readonly registry?: Registry;
  readonly tls?: Tls;
  /** What is not carried over, a line each. */
  readonly notes: readonly string[];
}

/** What a plan is made from. */
export interface PlanArgs {
  readonly api: Api;
  readonly fleet: FleetView;
  /** Where the old objects are. */
  readonly namespace: Namespace;
  /** IDs with a catalog entry in a file of their own. */
  readonly files: ReadonlyMap<string, string>;
}

/** Plans the adoption of models. @throws UserError with every problem of every model */
export async function planOf(olds: readonly OldModel[], args: PlanArgs): Promise<AdoptionPlan> {
  const { api, fleet, namespace } = args;
  const deployments = olds.map(({ deployment }) => deployment);
  const servers = olds.map(({ deployment, routes }) => serverOf(deployment.spec.template.spec, routes));
  const sources = await readSources(api, namespace.name, servers);
  const pullSecrets = await readSecrets(api, namespace.name, deployments.flatMap(pullSecretsOf));
  const adoptions = olds.map((old) => adoptionOf(old, fleet, sources));
  const { registry, ...remarks } = registryToSet(registriesOf(pullSecrets), fleet.registry);
  const ingresses = new Map(
    olds.flatMap(({ routes }) => routes.map(({ ingress }) => [entryOf(ingress), ingress])),
  );
  const { tls, ...ofTls } = tlsToSet(ingresses.values(), fleet, namespace.name);
  const problems = [
    ...adoptions.flatMap(({ id, problems: own }) => own.map((text) => lineOf(id, text))),
    ...olds.flatMap((old) => clashesOf(old, args).map((text) => `${old.id}: ${text}`)),
    ...remarks.problems,
    ...ofTls.problems,
  ];
  if (problems.length > 0) throw reportOf(problems, `the objects of namespace "${namespace.name}"`);
  return {
    adoptions,
    ingresses: [...ingresses.keys()].sort(),
    ...(registry !== undefined && { registry }),
    ...(tls !== undefined && { tls }),
    notes: [
      ...notesOf(adoptions),
      ...remarksOnIngresses(ingresses.values()),
      ...remarks.notes,
      ...pullSecrets.flatMap(noteOnPullSecret),
      ...ofTls.notes,
    ],
  };
}

function noteOnPullSecret(secret: DataObject): string[] {
  if (registriesOf([secret]).length > 0) return [];
  const { name = "" } = secret.metadata;
  return [
    `registry: the pull Secret ${name} has no user and password, so it is not carried over; if the images need it, set podSpec.imagePullSecrets to [{name: ${name}}]`,
  ];
}

/** A problem of a setting says where it is. */
function lineOf(id: string, text: string): string {
  return text.startsWith(`catalog.${id}`) ? text : `${id}: ${text}`;
}

/** Names and entries that are there already, and Services of several Deployments. */
function clashesOf(
  { id, deployment, services }: OldModel,
  { fleet, namespace, files }: Omit<PlanArgs, "api">,
): string[] {
  const taken = [
    ...namespace.deployments.map(({ metadata }) => ({ what: "Deployment", metadata })),
    ...namespace.services.map(({ metadata }) => ({ what: "Service", metadata })),
  ].filter(({ metadata }) => namespace.name === fleet.namespace && metadata.name === id);
  const shared = services.flatMap((service) =>
    namespace.deployments
      .filter((other) => other.metadata.name !== deployment.metadata.name && selects(service, other))
      .map((other) => `Service ${service.metadata.name} leads to Deployment ${other.metadata.name} too`),
  );
  const file = files.get(id);
  return [
    ...taken.map(
      ({ what }) =>
        `the fleet makes a ${what} ${id} beside the old one, and the name is taken in namespace ${namespace.name}; give the fleet another namespace, and this one with --from`,
    ),
    ...shared.map((text) => `${text}, and a model has one; remove one of the two`),
    ...(fleet.catalog.includes(id)
      ? [
          `catalog.${id} is there already; remove it (\`pulumi config rm --path catalog.${id}\`), or deploy it as it is`,
        ]
      : []),
    ...(file === undefined ? [] : [`${file} is there already; remove it, or deploy it as it is`]),
  ];
}

/** The notes of all models; one that several have is one line. */
function notesOf(adoptions: readonly Adoption[]): string[] {
  const ids = new Map<string, string[]>();
  for (const { id, notes } of adoptions)
    for (const note of new Set(notes)) ids.set(note, [...(ids.get(note) ?? []), id]);
  return [...ids].map(([note, of]) => `${of.join(", ")}: ${note}`);
}
