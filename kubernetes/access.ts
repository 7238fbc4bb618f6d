import { existsSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { problem, type Problem, reportOf } from "../config/problem";
import { nearest } from "../lib/nearest";
import { UserError } from "../lib/user-error";
import { hasCredentials, problemsOfCluster, problemsOfUser } from "./entry-problems";
import {
  type ClusterChoice,
  type Environment,
  type Kubeconfig,
  readKubeconfig,
  strayPaths,
} from "./kubeconfig";
import {
  type ClusterEntry,
  clusterEntry,
  type ContextEntry,
  type UserEntry,
  userEntry,
} from "./kubeconfig-schema";

/** A cluster, and the user with whom to ask it. */
export interface Access {
  /** The URL of the API server, without a slash at its end. */
  readonly server: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** The user's name in the kubeconfig. */
  readonly userName: string;
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The cluster and the user that the Kubernetes provider takes too.
 *
 * @param serviceAccount The folder of the pod's service account, if the program runs in a pod.
 * @throws UserError with every problem at once, also where the provider would ask for a user name at a terminal
 */
export function chosenAccess(choice: ClusterChoice, serviceAccount = SERVICE_ACCOUNT): Access {
  const kubeconfig = readKubeconfig(choice);
  const pod = kubeconfig.isOfSettings ? undefined : accessInPod(choice.environment, serviceAccount);
  const name = choice.context || kubeconfig.currentContext;
  if (name === "") return pod ?? noCluster(kubeconfig);
  const context = kubeconfig.contexts.get(name);
  if (context === undefined) throw unknownContext(name, choice, kubeconfig);
  const cluster = kubeconfig.clusters.get(context.cluster);
  const user = kubeconfig.users.get(context.user);
  const server = withScheme(cluster?.server ?? "");
  // client-go takes a kubeconfig with its own default address for no kubeconfig.
  if (pod && server === "http://localhost:8080") return pod;
  const problems = [
    ...(cluster ? problemsOfCluster(context.cluster, cluster, server) : [missing(name, "cluster", context)]),
    ...(user ? problemsOfUser(context.user, user) : []),
    // Credentials are sent by HTTPS only.
    ...(cluster && server.startsWith("http:") ? [] : problemsOfLogin(name, context, kubeconfig)),
    ...strayPaths(kubeconfig, context),
  ];
  if (cluster === undefined || problems.length > 0)
    throw reportOf(problems, `the kubeconfig (${kubeconfig.by})`);
  return { server, cluster, user: user ?? userEntry.parse({}), userName: context.user };
}

/** Without a scheme, client-go takes HTTP. */
function withScheme(server: string): string {
  return (/^[a-z]+:\/\//i.test(server) ? server : `http://${server}`).replace(/\/$/, "");
}

/** The access of the pod's service account; undefined if the program does not run in a pod. */
function accessInPod(
  { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port }: Environment,
  folder: string,
): Access | undefined {
  const tokenFile = join(folder, "token");
  if (!host || !port || !existsSync(tokenFile)) return undefined;
  const authority = join(folder, "ca.crt");
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    server,
    cluster: clusterEntry.parse({
      server,
      ...(existsSync(authority) && { "certificate-authority": authority }),
    }),
    user: userEntry.parse({ tokenFile }),
    userName: "the pod's service account",
  };
}

function noCluster({ by, contexts }: Kubeconfig): never {
  const known = [...contexts.keys()].sort().join(", ");
  if (known !== "")
    throw new UserError(
      `no cluster is chosen: ${by} has no current context; set kubernetes:context to one of ${known}`,
    );
  throw new UserError(
    `no cluster is configured (${by} has none); set KUBECONFIG or kubernetes:context, ` +
      'or `npm start` and `eval "$(npm run --silent env)"`',
  );
}

function unknownContext(name: string, { context }: ClusterChoice, { by, contexts }: Kubeconfig): UserError {
  const known = [...contexts.keys()].sort();
  const near = nearest(name, known);
  const hint = near === undefined ? "" : `did you mean "${near}"? `;
  return new UserError(
    `${context ? "kubernetes:context" : "current-context"}: "${name}" is not a context of ${by}; ` +
      `${hint}choose one of ${known.join(", ") || "(it has none)"}, or set KUBECONFIG to the file that has it`,
  );
}

function missing(context: string, what: "cluster" | "user", entry: ContextEntry): Problem {
  const command = `kubectl config set-${what === "user" ? "credentials" : what}`;
  const fix = `add it with \`${command}\`, or choose another context with kubernetes:context`;
  const rule = entry[what] === "" ? "is missing" : `is not the name of a ${what}`;
  return problem(`contexts.${context}.${what}`, entry[what] || undefined, rule, fix);
}

/** A user without credentials is anonymous, but with a kubeconfig of the shell, the provider asks for a user name. */
function problemsOfLogin(name: string, context: ContextEntry, kubeconfig: Kubeconfig): Problem[] {
  const user = kubeconfig.users.get(context.user);
  if (user === undefined && (context.user !== "" || !kubeconfig.isOfSettings))
    return [missing(name, "user", context)];
  if (user === undefined || kubeconfig.isOfSettings || hasCredentials(user)) return [];
  const fix =
    "add a token, a certificate or a login helper (exec), or choose another context with kubernetes:context";
  return [problem(`users.${context.user}`, undefined, "has no credentials", fix)];
}
