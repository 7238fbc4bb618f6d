import type { Agent } from "node:http";
import type { Access } from "./access";
import { content, type Credentials, credentialsOf } from "./credentials";
import type { Environment } from "./kubeconfig";
import { agentOf, proxyFor } from "./proxy";

/** What every request to the API server is sent with. */
export interface Login {
  readonly headers: Credentials["headers"];
  readonly agent: Agent;
  /** When it expires, in milliseconds since 1970. @default never */
  readonly expires?: number | undefined;
}

/** Logs in when the first request needs it, and again after the login has expired. */
export function loginTo(access: Access, environment: Environment): () => Promise<Login> {
  let current: Promise<Login> | undefined;
  return async () => {
    const last = (current ??= logIn(access, environment));
    const { expires = Infinity } = await last;
    if (expires <= Date.now() && current === last) current = logIn(access, environment);
    return current;
  };
}

async function logIn(access: Access, environment: Environment): Promise<Login> {
  const { server, cluster } = access;
  const { headers, cert, key, expires } = await credentialsOf(access, environment);
  const url = new URL(server);
  const authority = content(cluster["certificate-authority"], cluster["certificate-authority-data"]);
  const agent = await agentOf(url, cluster["proxy-url"] || proxyFor(url, environment), {
    ...(authority && { ca: authority }),
    ...(cert && key && { cert, key }),
    ...(cluster["tls-server-name"] && { servername: cluster["tls-server-name"] }),
    ...(cluster["insecure-skip-tls-verify"] && { rejectUnauthorized: false }),
  });
  return { headers, agent, expires };
}
