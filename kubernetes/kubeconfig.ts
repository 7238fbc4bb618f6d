/**
 * Reads kubeconfigs by the rules of client-go, which are those of the Kubernetes provider and of kubectl: whatever else
 * reads them differently may ask one cluster and change another (docs/decisions/0018).
 *
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */

import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import { problem, type Problem } from "../config/problem";
import { readIfThere } from "../lib/read-if-there";
import { UserError } from "../lib/user-error";
import { type ClusterEntry, type ContextEntry, kubeconfigFile, type UserEntry } from "./kubeconfig-schema";

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The cluster that the stack's `kubernetes:` config names. @default what kubectl would use */
export interface ClusterChoice {
  /** Contents of a kubeconfig, or the path of one. An empty string counts as none. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Has KUBECONFIG and HOME, and is passed to login helpers. The provider has the same environment. */
  readonly environment: Environment;
}

/** One kubeconfig, or several merged. */
export interface Kubeconfig {
  readonly currentContext: string;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  /** What named it, for messages, such as `KUBECONFIG=/a:/b`. */
  readonly by: string;
  /** Whether the stack's settings name it. @default false: KUBECONFIG or the home folder does */
  readonly isOfSettings: boolean;
  /**
   * The folder of a kubeconfig that the settings name by its path. The provider reads that one's relative paths in the
   * project's folder.
   */
  readonly folder?: string;
}

/**
 * Reads the kubeconfig of the settings, otherwise the files of KUBECONFIG, otherwise `~/.kube/config`.
 *
 * @throws UserError if a file cannot be read, or is not a kubeconfig
 */
export function readKubeconfig({ kubeconfig, environment }: ClusterChoice): Kubeconfig {
  return kubeconfig ? ofSettings(kubeconfig) : merged(environment);
}

function ofSettings(pathOrContents: string): Kubeconfig {
  const path = pathOrContents.replace(/^~(?=\/|$)/, () => userInfo().homedir);
  const by = "kubernetes:kubeconfig";
  if (!isContents(pathOrContents) && existsSync(path))
    return { ...read(path, by), by: `${by}: ${path}`, isOfSettings: true, folder: dirname(resolve(path)) };
  if (!isContents(pathOrContents) && !pathOrContents.includes(":"))
    throw new UserError(`${by}: there is no file ${path}; set the path or the contents of a kubeconfig`);
  return { ...parsed(pathOrContents, by, by), by, isOfSettings: true };
}

/** Whether a value can only be a kubeconfig itself. */
function isContents(value: string): boolean {
  return /^\s*[{]|\n/.test(value);
}

/** Merges the files: the first that has an entry or a current context wins, and missing files count as empty. */
function merged({ KUBECONFIG, HOME }: Environment): Kubeconfig {
  const files = KUBECONFIG ? KUBECONFIG.split(delimiter) : [join(HOME ?? "", ".kube", "config")];
  const by = KUBECONFIG ? `KUBECONFIG=${KUBECONFIG}` : (files[0] ?? "");
  const found = [...new Set(files)].filter(Boolean).map((file) => withPaths(read(file, "KUBECONFIG"), file));
  const first = <Entry>(maps: readonly ReadonlyMap<string, Entry>[]) =>
    new Map(maps.toReversed().flatMap((map) => [...map]));
  return {
    currentContext: found.map(({ currentContext }) => currentContext).find(Boolean) ?? "",
    contexts: first(found.map(({ contexts }) => contexts)),
    clusters: first(found.map(({ clusters }) => clusters)),
    users: first(found.map(({ users }) => users)),
    by,
    isOfSettings: false,
  };
}

type Entries = Pick<Kubeconfig, "currentContext" | "contexts" | "clusters" | "users">;

function read(file: string, by: string): Entries {
  try {
    return parsed(readIfThere(file), file, by);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(file, (error as Error).message, by);
  }
}

/** What Go programs take for YAML: version 1.1 without its times. */
const GO_YAML: Parameters<typeof parse>[2] = {
  version: "1.1",
  customTags: (tags) =>
    tags.filter(
      (tag) => typeof tag === "string" || !(tag.format === "TIME" || tag.tag.endsWith(":timestamp")),
    ),
  uniqueKeys: false,
  logLevel: "error",
};

/** @param where The file, or the setting that has the contents. */
function parsed(contents: string, where: string, by: string): Entries {
  let value: unknown;
  try {
    value = parse(contents, GO_YAML) ?? {};
  } catch (error) {
    // The rest of the parser's message quotes the file, which may have a token.
    throw unreadable(where, (error as Error).message.split("\n")[0]?.replace(/:$/, "") ?? "", by);
  }
  const { data, error } = kubeconfigFile.safeParse(value);
  if (!data) throw unreadable(where, error.issues.map(ruleOf).join(", "), by);
  return {
    currentContext: data["current-context"],
    contexts: byName(
      data.contexts.map((named) => [named.name, named.context] as const),
      "context",
      where,
      by,
    ),
    clusters: byName(
      data.clusters.map((named) => [named.name, named.cluster] as const),
      "cluster",
      where,
      by,
    ),
    users: byName(
      data.users.map((named) => [named.name, named.user] as const),
      "user",
      where,
      by,
    ),
  };
}

/** The rule that an entry breaks, without its value, which may be a secret. */
function ruleOf({
  path,
  message,
}: {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}): string {
  const [, expected, got] = /expected (.*), received (number|boolean)$/.exec(message) ?? [];
  const rule = expected === "string" ? `must be a string: put the ${got} in quotes` : message;
  return `${path.map(String).join(".") || "the file"}: ${rule}`;
}

function byName<Entry>(
  entries: readonly (readonly [name: string, entry: Entry])[],
  what: string,
  where: string,
  by: string,
): Map<string, Entry> {
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw unreadable(where, `the ${what} "${twice}" is listed twice`, by);
  return new Map(entries);
}

function unreadable(where: string, reason: string, by: string): UserError {
  return new UserError(`the kubeconfig ${where} cannot be read (${reason}); fix it, or change ${by}`);
}

function withPaths(entries: Entries, file: string): Entries {
  const folder = dirname(resolve(file));
  const each = <Entry>(map: ReadonlyMap<string, Entry>, change: (entry: Entry) => Entry) =>
    new Map([...map].map(([name, entry]) => [name, change(entry)]));
  return {
    ...entries,
    clusters: each(entries.clusters, (entry) => clusterIn(entry, folder)),
    users: each(entries.users, (entry) => userIn(entry, folder)),
  };
}

/**
 * Relative paths in a kubeconfig of the settings. The provider takes them from the project's folder, where kubectl takes
 * them from the kubeconfig's own.
 */
export function strayPaths(
  { isOfSettings, folder, clusters, users }: Kubeconfig,
  { cluster, user }: ContextEntry,
): Problem[] {
  const entries = { cluster: clusters.get(cluster), user: users.get(user) };
  const paths = [
    entries.cluster?.["certificate-authority"],
    entries.user?.tokenFile,
    entries.user?.["client-certificate"],
    entries.user?.["client-key"],
  ];
  const command = entries.user?.exec?.command ?? "";
  const stray = paths.filter((path) => path && resolve(folder ?? "", path) !== resolve(path));
  if (command.includes("/") && !isAbsolute(command)) stray.push(command);
  if (!isOfSettings) return [];
  return stray.map((path) =>
    problem(
      "kubernetes:kubeconfig",
      path,
      "is a relative path, which the provider takes from the project's folder",
      "make it absolute, or name the file with KUBECONFIG instead",
    ),
  );
}

/** The entry with its relative paths taken from a folder. */
function clusterIn(entry: ClusterEntry, folder: string): ClusterEntry {
  return { ...entry, "certificate-authority": pathIn(entry["certificate-authority"], folder) };
}

/** The entry with its relative paths taken from a folder. A helper's command without a slash is looked up in PATH. */
function userIn(entry: UserEntry, folder: string): UserEntry {
  const { exec } = entry;
  return {
    ...entry,
    tokenFile: pathIn(entry.tokenFile, folder),
    "client-certificate": pathIn(entry["client-certificate"], folder),
    "client-key": pathIn(entry["client-key"], folder),
    ...(exec?.command.includes("/") && { exec: { ...exec, command: pathIn(exec.command, folder) } }),
  };
}

function pathIn(path: string, folder: string): string {
  return path === "" || isAbsolute(path) ? path : join(folder, path);
}
