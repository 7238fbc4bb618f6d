import type { DataObject } from "./objects";

/** The setting `registry`. */
export interface Registry {
  readonly server: string;
  readonly username: string;
  readonly password: string;
}

interface Auth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
}

/**
 * The registries that pull Secrets log in to.
 *
 * @param secrets With their values as text.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
 */
export function registriesOf(secrets: readonly DataObject[]): Registry[] {
  const found = secrets.flatMap(({ data = {} }) => {
    const text = data[".dockerconfigjson"] ?? data[".dockercfg"];
    const config = text === undefined ? {} : (parsed(text) as Record<string, unknown>);
    return Object.entries((config["auths"] ?? config) as Record<string, Auth>);
  });
  const registries = found.flatMap(([server, auth]) => registryOf(server, auth) ?? []);
  return registries.filter(
    (one, index) => registries.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index,
  );
}

function registryOf(server: string, { username, password, auth }: Auth): Registry | undefined {
  const [, user, word] = /^([^:]*):(.*)$/s.exec(Buffer.from(auth ?? "", "base64").toString()) ?? [];
  const own = { server, username: username ?? user ?? "", password: password ?? word ?? "" };
  return own.username === "" || own.password === "" ? undefined : own;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/**
 * The registry to set, and what is to be said about it: a fleet has one.
 *
 * @param current The server of the setting `registry`, if it is set.
 */
export function registryToSet(
  found: readonly Registry[],
  current: string | undefined,
): { readonly registry?: Registry; readonly notes: readonly string[]; readonly problems: readonly string[] } {
  const servers = found.map(({ server }) => server);
  if (found.length === 0) return { notes: [], problems: [] };
  const [first] = found;
  if (found.length > 1 || first === undefined)
    return {
      notes: [],
      problems: [
        `registry: the old pull Secrets have several logins (${servers.join(", ")}), and a fleet has one; leave one in the Secrets of these models, or adopt them into several fleets`,
      ],
    };
  if (current === undefined) return { registry: first, notes: [], problems: [] };
  return current === first.server
    ? { notes: [`registry: stays as it is set, for ${current}`], problems: [] }
    : {
        notes: [],
        problems: [
          `registry.server: ${current} is set, and the old pull Secret is for ${first.server}; a fleet has one registry`,
        ],
      };
}
