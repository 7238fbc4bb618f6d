/**
 * What client-go refuses in a kubeconfig before it sends anything. The provider takes the cluster as unreachable then,
 * or asks for a user name.
 */

import { accessSync, constants } from "node:fs";
import { problem, type Problem } from "../config/problem";
import { isBasic, isHelperUsed, tokenOf } from "./credentials";
import type { ClusterEntry, LoginHelper, UserEntry } from "./kubeconfig-schema";

const REMOVE_ONE = "remove one of the two";
const EXEC_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
const INTERACTIVE_MODES = ["Never", "IfAvailable", "Always"];

/** The problems of a cluster's entry, whose server has this URL. */
export function problemsOfCluster(name: string, entry: ClusterEntry, url: string): Problem[] {
  const path = `clusters.${name}`;
  const file = entry["certificate-authority"];
  const data = entry["certificate-authority-data"];
  const isInsecure = entry["insecure-skip-tls-verify"] && (file !== "" || data !== "");
  return [
    ...when(entry.server === "", `${path}.server`, "is missing", "set the URL of the API server"),
    ...when(entry.server !== "" && !URL.canParse(url), `${path}.server`, "is not a URL", ""),
    ...problemsOfSource(path, "certificate-authority", file, data),
    ...when(isInsecure, `${path}.insecure-skip-tls-verify`, "excludes a certificate authority", REMOVE_ONE),
    ...when(!isProxy(entry["proxy-url"]), `${path}.proxy-url`, "is not a URL with http, https or socks5", ""),
  ];
}

/** The problems of a user's entry. */
export function problemsOfUser(name: string, entry: UserEntry): Problem[] {
  const path = `users.${name}`;
  const hasCertificate = entry["client-certificate"] !== "" || entry["client-certificate-data"] !== "";
  const hasKey = entry["client-key"] !== "" || entry["client-key-data"] !== "";
  const isOther =
    entry["as-uid"] !== "" || entry["as-groups"].length > 0 || Object.keys(entry["as-user-extra"]).length > 0;
  const provider = entry["auth-provider"]?.name ?? "oidc";
  const rule = `"${provider}" is not supported by Kubernetes any more`;
  return [
    ...when(entry.token !== "" && isBasic(entry), path, "has a token and a user name", REMOVE_ONE),
    ...(entry.token === "" ? problemsOfSource(path, "tokenFile", entry.tokenFile, "") : []),
    ...(hasCertificate
      ? [
          ...when(!hasKey, `${path}.client-key`, "is missing", "a client certificate needs one"),
          ...["client-certificate" as const, "client-key" as const].flatMap((key) =>
            problemsOfSource(path, key, entry[key], entry[`${key}-data`]),
          ),
        ]
      : []),
    ...when(
      isOther && entry.as === "",
      `${path}.as`,
      "is missing",
      "as-uid, as-groups and as-user-extra need one",
    ),
    ...when(provider !== "oidc", `${path}.auth-provider`, rule, "use a login helper (exec)"),
    ...(entry.exec ? problemsOfHelper(`${path}.exec`, entry.exec, entry) : []),
  ];
}

function problemsOfHelper(path: string, helper: LoginHelper, user: UserEntry): Problem[] {
  const { apiVersion, command, interactiveMode: mode } = helper;
  const isOptional = apiVersion === "client.authentication.k8s.io/v1beta1";
  const isMode = INTERACTIVE_MODES.includes(mode) || (isOptional && mode === "");
  const asks = mode === "Always" && isHelperUsed(user);
  return [
    ...when(Boolean(user["auth-provider"]), path, "excludes an auth-provider", REMOVE_ONE),
    ...when(command === "", `${path}.command`, "is missing", "set the name of the program"),
    ...when(
      !EXEC_VERSIONS.includes(apiVersion),
      `${path}.apiVersion`,
      `must be ${EXEC_VERSIONS.join(" or ")}`,
      "",
    ),
    ...when(!isMode, `${path}.interactiveMode`, `must be ${INTERACTIVE_MODES.join(", ")}`, ""),
    ...when(
      asks,
      `${path}.interactiveMode`,
      "is Always, but there is no terminal for the login helper to ask at",
      "set it to IfAvailable, and log in with `kubectl get namespaces` first",
    ),
  ];
}

/** The problems of a certificate, a key or a token that is a file or, under another key, the content itself. */
function problemsOfSource(path: string, key: string, file: string, data: string): Problem[] {
  const isBoth = file !== "" && data !== "";
  return [
    ...when(isBoth, `${path}.${key}`, `is set, and so is ${key}-data`, REMOVE_ONE),
    ...when(file !== "" && !isReadable(file), `${path}.${key}`, `names ${file}, which cannot be read`, ""),
  ];
}

/** Whether the entry has what identifies a user. Without it, a request is anonymous. */
export function hasCredentials(entry: UserEntry): boolean {
  return (
    entry.username !== "" ||
    entry["client-certificate"] !== "" ||
    entry["client-certificate-data"] !== "" ||
    Boolean(entry.exec ?? entry["auth-provider"]) ||
    tokenOf(entry) !== ""
  );
}

function when(isProblem: boolean, path: string, rule: string, fix: string): Problem[] {
  return isProblem ? [problem(path, undefined, rule, fix)] : [];
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function isProxy(url: string): boolean {
  return url === "" || (URL.canParse(url) && ["http:", "https:", "socks5:"].includes(new URL(url).protocol));
}
