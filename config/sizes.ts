import { DEFAULT_VARIANT, modelPaths } from "../fleet/names";
import { variantPath } from "./needed";
import { pathText, problem, type Problem } from "./problem";
import { type Fleet, type Model, type Variant, variantsOf } from "./resolve";
import { secretsKey } from "./secret-owners";
import { textsOf } from "./settings/environment";

/** Sizes that Kubernetes or Linux refuse late, each in bytes. */

/** One argument or variable of a process. @see https://man7.org/linux/man-pages/man2/execve.2.html (MAX_ARG_STRLEN) */
const MAX_STRING = 128 * 1024;
/** All annotations of an object. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/ */
const MAX_ANNOTATIONS = 256 * 1024;
/** The values of a Secret. @see https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size */
const MAX_SECRET = 1024 * 1024;
/** An object in etcd (1.5 MiB), less what Kubernetes adds. @see https://etcd.io/docs/v3.6/dev-guide/limit/ */
const MAX_OBJECT = 1280 * 1024;
/**
 * What one path of an Ingress needs besides its text and the name of its Service, as it is stored for ingress-nginx, which
 * needs the most. An API server took 16,195 paths of 26 characters, and 22,441 in the form for Traefik.
 */
const BYTES_OF_PATH = 60;

/** From which share of a limit on it is near. */
const NEAR = 0.8;

/** Something of a fleet that has a limit. */
interface Size {
  readonly path: string;
  readonly what: string;
  /** In bytes. */
  readonly size: number;
  readonly limit: number;
  readonly fix: string;
}

/** What of a fleet is too large, before anything is sent. Values are never shown. */
export function problemsOfSizes(fleet: Pick<Fleet, "models" | "routing">): Problem[] {
  return sizesOf(fleet)
    .filter(({ size, limit }) => size > limit)
    .map(({ path, what, size, limit, fix }) => {
      const rule = `too large: ${what} would have ${kib(size)}, and at most ${kib(limit)} are possible`;
      return problem(path, undefined, rule, fix);
    });
}

/** What of a fleet has more than 80 % of its limit: the sentence about it, and the fix. */
export function nearLimits(
  fleet: Pick<Fleet, "models" | "routing">,
): { readonly text: string; readonly fix: string }[] {
  return sizesOf(fleet)
    .filter(({ size, limit }) => size > NEAR * limit && size <= limit)
    .map(({ path, what, size, limit, fix }) => {
      const text = `${path}: near its limit: ${what} would have ${kib(size)}, and at most ${kib(limit)} are possible`;
      return { text, fix };
    });
}

function sizesOf({ models, routing }: Pick<Fleet, "models" | "routing">): Size[] {
  const list = bytes(JSON.stringify(models.map(({ id }) => id)));
  const paths = models
    .flatMap(({ id, ...model }) => modelPaths(model).map((path) => [id, path] as const))
    .reduce((sum, [id, path]) => sum + BYTES_OF_PATH + bytes(id) + bytes(path), 0);
  const fix = "split the fleet into two stacks";
  const ofList = {
    ...{ path: "routing.defaultBackend", what: "its variable MODELS", size: list, limit: MAX_STRING },
    fix: `remove it, or ${fix}`,
  };
  return [
    ...models.flatMap(sizesOfModel),
    ...(routing.defaultBackend === undefined ? [] : [ofList]),
    { path: "models", what: "their one Ingress", size: paths, limit: MAX_OBJECT, fix },
  ];
}

function sizesOfModel(model: Model): Size[] {
  const { challengers, ...champion } = model;
  const hasVariants = challengers.length > 0 || model.variant !== DEFAULT_VARIANT;
  return variantsOf({ ...champion, challengers }).flatMap(({ variant, ...settings }) => {
    const at = variantPath(model, variant);
    const secrets = pathText(["secrets", hasVariants ? secretsKey(model.id, variant) : model.id]);
    return sizesOfVariant(settings, at, secrets);
  });
}

/** @param at Path of its settings. @param secrets Path of its secret environment. */
function sizesOfVariant(
  { env, command = [], args = [], annotations, secretEnv, ...rest }: Omit<Variant, "variant">,
  at: string,
  secrets: string,
): Size[] {
  const fix = "read it from a file of the image";
  const strings = [
    ...Object.entries(textsOf(env)).map(
      ([name, value]) => [`${at}.env.${name}`, `${name}=${value}`] as const,
    ),
    ...command.map((value, index) => [`${at}.command[${index}]`, value] as const),
    ...args.map((value, index) => [`${at}.args[${index}]`, value] as const),
    ...Object.entries(secretEnv).map(
      ([name, value]) => [pathText([name], secrets), `${name}=${value}`] as const,
    ),
  ].map(([path, text]) => ({ path, what: "it", size: bytes(text) + 1, limit: MAX_STRING, fix }));
  const sum = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).reduce((total, [name, value]) => total + bytes(name) + bytes(value), 0);
  const whole = bytes(JSON.stringify({ env, command, args, annotations, rest }));
  const less = "remove some";
  return [
    ...strings,
    { path: `${at}.annotations`, what: "they", size: sum(annotations), limit: MAX_ANNOTATIONS, fix: less },
    { path: secrets, what: "its Secret", size: sum(secretEnv), limit: MAX_SECRET, fix: less },
    { path: at, what: "its Deployment", size: whole, limit: MAX_OBJECT, fix: `${less} of its settings` },
  ];
}

/** What Pulumi can hand over to a program: all settings in one variable. @see MAX_STRING */
export function shareOfSettings(config: string): string | undefined {
  const size = bytes(config);
  if (size < NEAR * MAX_STRING) return undefined;
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
