import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { UserError } from "../lib/user-error";
import type { Access } from "./access";
import { content, type Credentials } from "./credentials";
import type { Environment } from "./kubeconfig";
import type { LoginHelper } from "./kubeconfig-schema";

/** How long a login helper may take, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** The name of the extension of a cluster that is passed to its login helpers. */
const CLUSTER_CONFIG = "client.authentication.k8s.io/exec";

const answer = z.object({
  apiVersion: z.string(),
  status: z.object({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});

/** What a login helper printed. */
export interface HelperAnswer extends Omit<Credentials, "headers"> {
  readonly token?: string;
}

/**
 * Runs a login helper as client-go does where there is no terminal. What it prints has a secret: no message has it.
 *
 * @throws UserError if it is not installed, fails, takes more than a minute, or prints something else
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function askHelper(
  helper: LoginHelper,
  access: Access,
  environment: Environment,
  timeoutMs = TIMEOUT_MS,
): Promise<HelperAnswer> {
  const env = {
    ...environment,
    ...Object.fromEntries(helper.env.map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(helper, access)),
  };
  const printed = await run(helper, env, timeoutMs);
  let value: unknown;
  try {
    value = JSON.parse(printed);
  } catch {
    throw failed(helper, "printed no JSON");
  }
  const { data } = answer.safeParse(value);
  if (data === undefined) throw failed(helper, "printed no ExecCredential with a status");
  if (data.apiVersion !== helper.apiVersion)
    throw failed(helper, `answers with another apiVersion than ${helper.apiVersion}`);
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = data.status;
  if (!token && !(cert && key)) throw failed(helper, "gave neither a token nor a certificate with its key");
  const expires = Date.parse(expirationTimestamp ?? "");
  return {
    ...(token && { token }),
    ...(cert && key && { cert, key }),
    ...(!Number.isNaN(expires) && { expires }),
  };
}

function execInfo({ apiVersion, provideClusterInfo }: LoginHelper, { server, cluster }: Access): object {
  const authority = content(cluster["certificate-authority"], cluster["certificate-authority-data"]);
  const about = {
    server,
    ...(cluster["tls-server-name"] && { "tls-server-name": cluster["tls-server-name"] }),
    ...(cluster["insecure-skip-tls-verify"] && { "insecure-skip-tls-verify": true }),
    ...(authority && { "certificate-authority-data": authority.toString("base64") }),
    ...(cluster["proxy-url"] && { "proxy-url": cluster["proxy-url"] }),
    ...(cluster["disable-compression"] && { "disable-compression": true }),
    config: cluster.extensions.find(({ name }) => name === CLUSTER_CONFIG)?.extension,
  };
  const spec = { ...(provideClusterInfo && { cluster: about }), interactive: false };
  return { kind: "ExecCredential", apiVersion, spec };
}

/** Runs a program and returns what it printed. Its own session has no terminal, so it cannot wait for an answer. */
function run(helper: LoginHelper, env: Environment, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(helper.command, helper.args, {
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      // The whole group: a script's children keep its output open.
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      reject(failed(helper, `did not end in ${timeoutMs / 1000} s; it may be waiting for a login`));
    }, timeoutMs);
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.code === "ENOENT" ? notInstalled(helper) : failed(helper, error.message));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(stdout);
      else reject(failed(helper, withReason(`ended with ${signal ?? code}`, stderr)));
    });
  });
}

function notInstalled({ command, installHint }: LoginHelper): UserError {
  const hint = stripVTControlCharacters(installHint).trim();
  return new UserError(`the login helper "${command}" is not installed${hint && `: ${hint}`}`);
}

function failed({ command }: LoginHelper, what: string): UserError {
  return new UserError(`the login helper "${command}" ${what}`);
}

/** The first line that is not empty, without what may be a token. */
function withReason(what: string, stderr: string): string {
  const lines = stripVTControlCharacters(stderr).split("\n");
  const line = lines.find((text) => text.trim() !== "")?.trim();
  return line === undefined ? what : `${what}: ${line.replaceAll(/[\w+=.-]{40,}/g, "***")}`;
}
