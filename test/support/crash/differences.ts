import { VERSION_OF } from "../../../fleet/owner";
import { ALL_KINDS, type Workspace } from "../workspace";
import type { Expected } from "./plan";

/** An object of the namespace, as far as the test looks at it. */
export interface ClusterObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: {
      readonly spec: {
        readonly containers: readonly {
          readonly image: string;
          readonly envFrom?: readonly { readonly secretRef?: { readonly name: string } }[];
        }[];
        readonly imagePullSecrets?: readonly { readonly name: string }[];
      };
    };
    readonly rules?: readonly {
      readonly http: {
        readonly paths: readonly {
          readonly path: string;
          readonly backend: { readonly service: { readonly name: string } };
        }[];
      };
    }[];
  };
}

/** The objects of a namespace. */
export interface Found {
  /** Those with the stack's label, without those that are being deleted. */
  readonly own: readonly ClusterObject[];
  /** All others. */
  readonly others: readonly ClusterObject[];
}

/** Reads every object of the fleet's kinds in a namespace, and ConfigMaps. */
export async function read(fleet: Workspace, namespace: string): Promise<Found> {
  const text = await fleet.kubectl("get", `${ALL_KINDS},configmaps`, "-n", namespace, "-o", "json");
  const { items } = JSON.parse(text) as { items: ClusterObject[] };
  const isOwn = ({ metadata: { labels = {} } }: ClusterObject) =>
    labels["app.kubernetes.io/instance"] === fleet.stack;
  return {
    own: items.filter((one) => isOwn(one) && one.metadata.deletionTimestamp === undefined),
    others: items.filter((one) => !isOwn(one)),
  };
}

const isVersion = ({ metadata }: ClusterObject) => metadata.annotations?.[VERSION_OF] !== undefined;
/** An object as `kind/name`. */
export const nameOf = ({ kind, metadata: { name } }: ClusterObject) => `${kind.toLowerCase()}/${name}`;

/** The names of the Secret versions that a Deployment of the fleet names, for its environment or to pull its image. */
function versionsInUse(own: readonly ClusterObject[]): Set<string> {
  const specs = own.flatMap(({ spec }) => spec?.template?.spec ?? []);
  return new Set(
    specs.flatMap(({ containers, imagePullSecrets = [] }) => [
      ...containers.flatMap(({ envFrom = [] }) => envFrom.flatMap(({ secretRef }) => secretRef?.name ?? [])),
      ...imagePullSecrets.map(({ name }) => name),
    ]),
  );
}

/** Former versions of Secrets: no Deployment names them. The next update deletes them. */
export function formerVersions({ own }: Found): string[] {
  const used = versionsInUse(own);
  return own.filter((one) => isVersion(one) && !used.has(one.metadata.name)).map(nameOf);
}

/** Objects that the plan has not, former versions of Secrets left out. */
export function leftovers(found: Found, { objects }: Expected): string[] {
  const wanted = new Set(objects);
  return found.own.filter((one) => !isVersion(one) && !wanted.has(nameOf(one))).map(nameOf);
}

/** What only one of two lists has, in sentences that begin with these words. */
export function unlike(
  a: readonly string[],
  b: readonly string[],
  [onlyInA, onlyInB]: readonly [onlyInA: string, onlyInB: string],
): string[] {
  const [inA, inB] = [new Set(a), new Set(b)];
  return [
    ...a.filter((one) => !inB.has(one)).map((one) => `${onlyInA} ${one}`),
    ...b.filter((one) => !inA.has(one)).map((one) => `${onlyInB} ${one}`),
  ];
}

/** What in the cluster is not as the plan says, in sentences; none if all is. */
export function differences(found: Found, expected: Expected): string[] {
  const former = new Set(formerVersions(found));
  const names = found.own
    .map(nameOf)
    .filter((name) => !former.has(name))
    .map((name) => name.replace(/-[0-9a-f]{10}$/, "-HASH"));
  return [
    ...unlike(expected.objects, names, ["the cluster lacks", "nobody wants"]),
    ...found.own.flatMap((one) => differencesOf(one, found, expected)),
  ];
}

function differencesOf(object: ClusterObject, { own }: Found, expected: Expected): string[] {
  const { kind, metadata, spec } = object;
  const compare = (what: string, is: unknown, wanted: unknown) =>
    is === wanted ? [] : [`${nameOf(object)}: ${what} is ${String(is)} instead of ${String(wanted)}`];
  if (kind === "Ingress") {
    const paths = spec?.rules?.flatMap(({ http }) => http.paths) ?? [];
    // In the form that ingress-nginx takes: `/(crash/m1)(/|$)(.*)`.
    const plain = (path: string) => path.replace(/^\/\((.*)\)\(\/\|\$\)\(\.\*\)$/, "/$1");
    const routes = paths.map(({ path, backend }) => `${plain(path)} ${backend.service.name}`).sort();
    return compare("what it routes", routes.join(", "), expected.routes.join(", "));
  }
  const { [metadata.name]: running } = expected.deployments;
  if (kind !== "Deployment" || running === undefined) return [];
  const { containers = [], imagePullSecrets = [] } = spec?.template?.spec ?? {};
  const secret = (name: string | undefined) =>
    own.find((one) => one.kind === "Secret" && one.metadata.name === name)?.data ?? {};
  const decoded = (value: string | undefined) => value && Buffer.from(value, "base64").toString();
  const environment = secret(containers[0]?.envFrom?.[0]?.secretRef?.name);
  const pull = decoded(secret(imagePullSecrets[0]?.name)[".dockerconfigjson"]);
  const password = pull === undefined ? undefined : /"password":"([^"]*)"/.exec(pull)?.[1];
  return [
    ...compare("its image", containers[0]?.image, running.image),
    ...compare("its number of replicas", spec?.replicas, running.replicas),
    ...compare("its secret", decoded(environment["KEY"]), running.secret),
    ...compare("its registry's password", password, expected.password),
  ];
}
