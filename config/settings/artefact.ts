import { z } from "zod";
import {
  fileOf,
  isArchive,
  MODEL_PATH,
  mutability,
  partsOf,
  type Scheme,
  SCHEMES,
} from "../../fleet/artefact";
import { problemOfImage } from "../../fleet/image";
import { pathText, problem, type Problem } from "../problem";
import { checkedBy, DNS_NAME, dnsName, scalar, setting, text } from "../rules";
import type { VariantRule } from "../variant-rules";

/** Settings of a model's files: where they are, and how they get to its server. */

/** What the part after each scheme must be, in words, if it is not. */
const RULES: Readonly<Record<Exclude<Scheme, "oci">, RegExp>> = {
  pvc: new RegExp(`^${DNS_NAME.source.slice(1, -1)}(/.*)?$`),
  s3: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/,
  gs: /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](\/.*)?$/,
  hf: /^[\w.-]+\/[\w.-]+(:[\w./-]+)?$/,
  https: /^[^/@]+\/.+$/,
  http: /^[^/@]+\/.+$/,
  azure: /^[a-z0-9]{3,24}\/[a-z0-9-]{3,63}(\/.*)?$/,
};

function problemOfUri(uri: string): string | undefined {
  const forms = Object.values(SCHEMES).join(", ");
  const parts = partsOf(uri);
  if (parts === undefined) return `has none of the known schemes; write ${forms}`;
  const { scheme, rest } = parts;
  if (/\s/.test(uri)) return "has white space; remove it";
  if (scheme === "oci") return problemOfImage(rest);
  if (/[?#]/.test(rest))
    return 'has a "?" or "#": what follows often is a key, which must not be in plain text; remove it, and keep keys in secrets';
  if (rest.split("/").includes("..")) return 'has the part ".."; remove it';
  return RULES[scheme].test(rest) ? undefined : `is not like ${SCHEMES[scheme]}`;
}

const streamArgs = z.array(scalar).optional();

export const artefactSettings = {
  runtime: setting(
    z.string().optional(),
    "Server that the model runs in: a preset of its image, command, port, health path and the rest, from [the known ones](runtimes.md) or from `runtimes`. What is set beside it, or above it, wins.",
    { otherwise: "none: `image` says it" },
  ),
  storageUri: setting(
    checkedBy(problemOfUri).optional(),
    `Where the model's files are: ${Object.values(SCHEMES)
      .map((form) => `\`${form}\``)
      .join(", ")} ([artefacts](artefacts.md)).`,
    { otherwise: "the image has them" },
  ),
  modelPath: setting(
    text('is not a path such as "/mnt/models"', /^(\/(?!\.{1,2}(\/|$))[\w.-]+)+$/).optional(),
    "Folder of the model's files in the container, for servers that want another one. The variable MODEL_PATH is the file itself, if `storageUri` names one.",
    { otherwise: `\`${MODEL_PATH}\`` },
  ),
  revision: setting(
    text("is not the name of a branch, a tag or a commit", /^[\w./-]+$/).optional(),
    "Branch, tag or commit of an `hf://` model. Only a commit stays the same.",
    { otherwise: "`main`" },
  ),
  sha256: setting(
    text("is not a SHA-256 hash (64 hexadecimal digits, in lower case)", /^[0-9a-f]{64}$/).optional(),
    "Hash of the file that `storageUri` names: a pod with another file does not start.",
    { otherwise: "not compared" },
  ),
  cache: setting(
    dnsName("is not the name of a PersistentVolumeClaim").optional(),
    "PersistentVolumeClaim that keeps what was downloaded, for the next pod and for other models. It must exist; nothing in it is ever deleted.",
    { otherwise: "each pod downloads anew" },
  ),
  streams: setting(
    z.strictObject({ hf: streamArgs, s3: streamArgs, gs: streamArgs }).optional(),
    "Schemes of `storageUri` that the server loads by itself, each with the arguments for it. MODEL_PATH is the address then, and MODEL_REVISION that of an `hf://` model.",
    { otherwise: "none, or those of `runtime`" },
  ),
};

/** Settings of artefacts that say nothing without another one, or contradict it. */
export const fittingArtefact: VariantRule = ({ at, settings }) => {
  const { storageUri, revision, sha256, cache } = settings;
  const { scheme, rest = "" } = partsOf(storageUri ?? "") ?? {};
  const found: Problem[] = [];
  const say = (key: string, rule: string, fix: string) =>
    found.push(problem(pathText([key], at), settings[key as "revision"], rule, fix));
  if (scheme === undefined) {
    for (const key of ["revision", "sha256", "cache"] as const)
      if (settings[key] !== undefined)
        say(key, "has no effect without storageUri", "set that, or remove this");
    return found;
  }
  if (revision !== undefined && scheme !== "hf")
    say("revision", `is that of an hf:// model, and storageUri is ${scheme}://`, "remove it");
  if (revision !== undefined && rest.includes(":") && scheme === "hf")
    say("revision", "is set beside the one in storageUri", "remove one of the two");
  if (sha256 !== undefined && fileOf(storageUri ?? "") === undefined)
    say("sha256", noHash(scheme, storageUri ?? ""), "remove it, or name a file");
  if (sha256 !== undefined && scheme === "pvc")
    say("sha256", "is compared after a download, and a claim is mounted as it is", "remove it");
  if (cache !== undefined && (scheme === "oci" || scheme === "pvc"))
    say("cache", `keeps downloads, and ${scheme}:// is mounted without one`, "remove it");
  return found;
};

function noHash(scheme: Scheme, storageUri: string): string {
  if (scheme === "oci") return "is that of a file, and an image has a digest in its reference";
  if (isArchive(storageUri))
    return "is that of a file, and an archive is unpacked before it could be compared";
  return "is that of a file, and storageUri names a folder";
}

/** With `storage.requirePinned`, an artefact that may change is no warning but an error. */
export const pinnedArtefact: VariantRule = ({ at, settings, fleet }) => {
  const reason = fleet.storage.requirePinned ? mutability(settings) : undefined;
  if (reason === undefined) return [];
  const [rule = "", fix = ""] = reason.split("; ");
  return [
    problem(
      pathText(["storageUri"], at),
      settings.storageUri,
      `${rule} (storage.requirePinned is true)`,
      fix,
    ),
  ];
};
