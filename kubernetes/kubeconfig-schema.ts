/**
 * What a kubeconfig may have, as far as client-go uses it. Unknown keys are allowed there too.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */

import { z } from "zod";

// A null is Go's zero value.
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const table = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string(), value)
    .nullish()
    .transform((values) => values ?? {});

const filled = <Entry extends z.ZodType>(entry: Entry) => z.preprocess((value) => value ?? {}, entry);

/** A cluster, and how to reach it. */
export const clusterEntry = z.object({
  server: text,
  "certificate-authority": text,
  "certificate-authority-data": text,
  "insecure-skip-tls-verify": flag,
  "tls-server-name": text,
  "proxy-url": text,
  "disable-compression": flag,
  extensions: list(z.object({ name: text, extension: z.unknown() })),
});

const loginHelper = z.object({
  apiVersion: text,
  command: text,
  args: list(text),
  env: list(z.object({ name: text, value: text })),
  interactiveMode: text,
  provideClusterInfo: flag,
  installHint: text,
});

/** A user, and the credentials. */
export const userEntry = z.object({
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  as: text,
  "as-uid": text,
  "as-groups": list(text),
  "as-user-extra": table(list(text)),
  exec: loginHelper.nullish(),
  "auth-provider": z.object({ name: text, config: table(text) }).nullish(),
});

const context = z.object({ cluster: text, user: text });

/** The content of a file. */
export const kubeconfigFile = z.object({
  apiVersion: z.enum(["v1", ""]).nullish(),
  kind: z.enum(["Config", ""]).nullish(),
  "current-context": text,
  clusters: list(z.object({ name: text, cluster: filled(clusterEntry) })),
  contexts: list(z.object({ name: text, context: filled(context) })),
  users: list(z.object({ name: text, user: filled(userEntry) })),
});

export type ClusterEntry = z.output<typeof clusterEntry>;
export type ContextEntry = z.output<typeof context>;
export type UserEntry = z.output<typeof userEntry>;
/** A login helper: a program that prints a token or a certificate. */
export type LoginHelper = z.output<typeof loginHelper>;
