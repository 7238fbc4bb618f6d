/**
 * The credentials of one registry, as a Secret of the type `kubernetes.io/dockerconfigjson` has them in its `data`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
 */
export function dockerConfig(server: string, username: string, password: string): string {
  const auth = base64(`${username}:${password}`);
  return base64(JSON.stringify({ auths: { [server]: { username, password, auth } } }));
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
