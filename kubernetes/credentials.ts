import { readFileSync } from "node:fs";
import { UserError } from "../lib/user-error";
import type { Access } from "./access";
import type { Environment } from "./kubeconfig";
import type { UserEntry } from "./kubeconfig-schema";
import { askHelper } from "./login-helper";

/** What identifies a user to the API server. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Client certificate and key, as PEM. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** When they expire, in milliseconds since 1970. @default never */
  readonly expires?: number;
}

/**
 * The credentials of a user, by client-go's order: a token counts before a password, and a login helper only if there
 * is nothing else. They are never sent by plain HTTP.
 *
 * @throws UserError if the login helper fails
 */
export async function credentialsOf(access: Access, environment: Environment): Promise<Credentials> {
  const { server, user } = access;
  const headers = impersonation(user);
  if (!server.startsWith("https:")) return { headers };
  if (user.exec && isHelperUsed(user)) {
    const { token, ...rest } = await askHelper(user.exec, access, environment);
    return { ...rest, headers: { ...headers, ...(token !== undefined && bearer(token)) } };
  }
  const cert = content(user["client-certificate"], user["client-certificate-data"]);
  const key = content(user["client-key"], user["client-key-data"]);
  return { headers: { ...headers, ...authorization(user) }, ...(cert && key && { cert, key }) };
}

function authorization(user: UserEntry): Record<string, string> {
  const token = tokenOf(user);
  if (token !== "") return bearer(token);
  if (isBasic(user)) {
    const text = Buffer.from(`${user.username}:${user.password}`).toString("base64");
    return { authorization: `Basic ${text}` };
  }
  return user["auth-provider"] ? bearer(idToken(user["auth-provider"].config)) : {};
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** The token of a user. A file counts before a token beside it, unless it cannot be read or is empty. */
export function tokenOf({ token, tokenFile }: UserEntry): string {
  if (tokenFile === "") return token;
  try {
    return readFileSync(tokenFile, "utf8").trim() || token;
  } catch {
    return token;
  }
}

/** Whether the user has a user name or password for basic authentication. */
export function isBasic({ username, password }: UserEntry): boolean {
  return username !== "" || password !== "";
}

/** Whether the login helper is asked: it is not if the user has other credentials. */
export function isHelperUsed(user: UserEntry): boolean {
  const certificate = user["client-certificate"] + user["client-certificate-data"];
  return Boolean(user.exec) && user.token + user.tokenFile + certificate === "" && !isBasic(user);
}

/**
 * The token of an OpenID Connect login. Only kubectl and the provider refresh it: both write the next refresh token
 * into the kubeconfig, and one that is used elsewhere may be void afterwards.
 */
function idToken(config: Readonly<Record<string, string>>): string {
  const token = config["id-token"] ?? "";
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  const { exp } = (/^\{/.test(payload) ? JSON.parse(payload) : {}) as { exp?: number };
  if (exp !== undefined && exp * 1000 > Date.now()) return token;
  throw new UserError("its id-token has expired; `kubectl get namespaces` refreshes it");
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonation(user: UserEntry): Record<string, string | string[]> {
  const extra = Object.entries(user["as-user-extra"]).map(
    ([name, values]) => [`impersonate-extra-${encodeURIComponent(name.toLowerCase())}`, values] as const,
  );
  return {
    ...(user.as !== "" && { "impersonate-user": user.as }),
    ...(user["as-uid"] !== "" && { "impersonate-uid": user["as-uid"] }),
    ...(user["as-groups"].length > 0 && { "impersonate-group": user["as-groups"] }),
    ...Object.fromEntries(extra),
  };
}

/** The content of a file, or of the base64 text beside it. */
export function content(file: string, data: string): Buffer | undefined {
  if (data !== "") return Buffer.from(data, "base64");
  return file === "" ? undefined : readFileSync(file);
}
