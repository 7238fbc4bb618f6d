import { problem, type Problem } from "./problem";
import type { Fleet, Model } from "./resolve";

/** Sizes that Kubernetes or Linux refuse late, each in bytes. */

/** One argument or variable of a process. @see https://man7.org/linux/man-pages/man2/execve.2.html (MAX_ARG_STRLEN) */
const MAX_STRING = 128 * 1024;
/** All annotations of an object. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/ */
const MAX_ANNOTATIONS = 256 * 1024;
/** The values of a Secret. @see https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size */
const MAX_SECRET = 1024 * 1024;
/** An object in etcd (1.5 MiB), less what Kubernetes adds. @see https://etcd.io/docs/v3.6/dev-guide/limit/ */
const MAX_OBJECT = 1280 * 1024;
/** What one path of an Ingress needs besides its text and the name of its Service. */
const BYTES_OF_PATH = 110;

/** What of a fleet is too large, before anything is sent. Values are never shown. */
export function problemsOfSizes({ models, routing }: Pick<Fleet, "models" | "routing">): Problem[] {
  const list = bytes(JSON.stringify(models.map(({ id }) => id)));
  const paths = models.reduce((sum, { id, path }) => sum + BYTES_OF_PATH + 2 * (bytes(id) + bytes(path)), 0);
  return [
    ...models.flatMap(problemsOfModel),
    ...tooLarge(
      "routing.defaultBackend",
      "its variable MODELS",
      list,
      MAX_STRING,
      "remove it, or split the fleet into two stacks",
    ),
    ...tooLarge("models", "their one Ingress", paths, MAX_OBJECT, "split the fleet into two stacks"),
  ].filter((line) => routing.defaultBackend !== undefined || !line.startsWith("routing.defaultBackend"));
}

function problemsOfModel({ id, env, args = [], annotations, secretEnv, ...rest }: Model): Problem[] {
  const at = `catalog.${id}`;
  const fix = "read it from a file of the image";
  const strings = [
    ...Object.entries(env).map(([name, value]) => [`${at}.env.${name}`, `${name}=${value}`] as const),
    ...args.map((value, index) => [`${at}.args[${index}]`, value] as const),
    ...Object.entries(secretEnv).map(
      ([name, value]) => [`secrets.${id}.${name}`, `${name}=${value}`] as const,
    ),
  ].flatMap(([path, text]) => tooLarge(path, "it", bytes(text) + 1, MAX_STRING, fix));
  const sum = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).reduce((total, [name, value]) => total + bytes(name) + bytes(value), 0);
  const whole = bytes(JSON.stringify({ env, args, annotations, rest }));
  return [
    ...strings,
    ...tooLarge(`${at}.annotations`, "they", sum(annotations), MAX_ANNOTATIONS, "remove some"),
    ...tooLarge(`secrets.${id}`, "its Secret", sum(secretEnv), MAX_SECRET, "remove some"),
    ...tooLarge(at, "its Deployment", whole, MAX_OBJECT, "remove some of its settings"),
  ];
}

function tooLarge(path: string, what: string, size: number, limit: number, fix: string): Problem[] {
  if (size <= limit) return [];
  const rule = `too large: ${what} would have ${kib(size)}, and at most ${kib(limit)} are possible`;
  return [problem(path, undefined, rule, fix)];
}

/** What Pulumi can hand over to a program: all settings in one variable. @see MAX_STRING */
export function shareOfSettings(config: string): string | undefined {
  const size = bytes(config);
  if (size < 0.8 * MAX_STRING) return undefined;
  return (
    `the settings take ${kib(size)} of the ${kib(MAX_STRING)} that Pulumi can hand over to a program; beyond that, every command ` +
    'ends with "argument list too long": move entries of catalog to files (catalog/<id>.yaml)'
  );
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function kib(size: number): string {
  return `${Math.ceil(size / 1024).toLocaleString("en")} KiB`;
}
