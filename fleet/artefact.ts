/**
 * Where a model's files come from, and how they get to its server: by the scheme of `storageUri`. Pure.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/overview (the same addresses)
 */

/** The settings of a model that say where its files are. */
export interface ArtefactSettings {
  readonly storageUri?: string | undefined;
  readonly modelPath?: string | undefined;
  readonly revision?: string | undefined;
  readonly sha256?: string | undefined;
  readonly cache?: string | undefined;
  readonly streams?: Readonly<Partial<Record<StreamScheme, readonly string[] | undefined>>> | undefined;
}

/** Schemes that some servers load by themselves. */
export const STREAM_SCHEMES = ["hf", "s3", "gs"] as const;
export type StreamScheme = (typeof STREAM_SCHEMES)[number];

/** Every scheme, with the form of its addresses. */
export const SCHEMES = {
  oci: "oci://<image>@sha256:<digest>",
  pvc: "pvc://<claim>/<path>",
  s3: "s3://<bucket>/<path>",
  gs: "gs://<bucket>/<path>",
  hf: "hf://<owner>/<model>",
  https: "https://<host>/<path>",
  http: "http://<host>/<path>",
  azure: "azure://<account>/<container>/<path>",
} as const;
export type Scheme = keyof typeof SCHEMES;

/** Where the model's files are in the container, without `modelPath`. */
export const MODEL_PATH = "/mnt/models";

/** How the files get to the server. */
export type Artefact = {
  readonly scheme: Scheme;
  /** Where the server finds them: a path in its container or, if it loads them by itself, their address. */
  readonly path: string;
} & (
  | { readonly how: "image"; readonly reference: string }
  /** @param subPath The path inside the claim; "" for all of it. */
  | { readonly how: "claim"; readonly claim: string; readonly subPath: string }
  /** @param source Their address, as the initializer takes it. */
  | { readonly how: "download"; readonly source: string }
  /** @param args Arguments of the server for it. @param revision Of a Hugging Face model. */
  | { readonly how: "engine"; readonly args: readonly string[]; readonly revision: string | undefined }
);

/** The scheme of an address and what follows it; undefined for any other text. */
export function partsOf(storageUri: string): { scheme: Scheme; rest: string } | undefined {
  const [, scheme = "", rest = ""] = /^([a-z0-9+]+):\/\/(.*)$/s.exec(storageUri) ?? [];
  return Object.hasOwn(SCHEMES, scheme) ? { scheme: scheme as Scheme, rest } : undefined;
}

/** How a model's files get to its server; undefined without `storageUri`. Takes checked settings. */
export function artefactOf(settings: ArtefactSettings): Artefact | undefined {
  const { storageUri = "", modelPath = MODEL_PATH } = settings;
  const parts = partsOf(storageUri);
  if (parts === undefined) return undefined;
  const { scheme, rest } = parts;
  if (scheme === "oci") return { scheme, how: "image", path: modelPath, reference: rest };
  const path = fileOf(storageUri) === undefined ? modelPath : `${modelPath}/${fileOf(storageUri)}`;
  if (scheme === "pvc") {
    const [claim = "", ...folders] = rest.split("/");
    return { scheme, how: "claim", path, claim, subPath: folders.filter((name) => name !== "").join("/") };
  }
  return streamOf(settings, scheme, rest) ?? { scheme, how: "download", path, source: sourceOf(settings) };
}

/** A server loads by itself what is neither compared nor kept for the next pod. */
function streamOf(settings: ArtefactSettings, scheme: Scheme, rest: string): Artefact | undefined {
  const { storageUri = "", streams = {}, cache, sha256 } = settings;
  const args = (streams as Readonly<Record<string, readonly string[] | undefined>>)[scheme];
  if (args === undefined || cache !== undefined || sha256 !== undefined) return undefined;
  if (scheme !== "hf") return { scheme, how: "engine", path: storageUri, args, revision: undefined };
  const [path = "", revision = settings.revision ?? "main"] = rest.split(":");
  return { scheme, how: "engine", path, args, revision };
}

/** The address as the initializer takes it. */
function sourceOf({ storageUri = "", revision }: ArtefactSettings): string {
  const { scheme, rest } = partsOf(storageUri) ?? {};
  if (scheme === "hf" && revision !== undefined) return `${storageUri}:${revision}`;
  if (scheme !== "azure") return storageUri;
  const [account, ...path] = (rest ?? "").split("/");
  return `https://${account}.blob.core.windows.net/${path.join("/")}`;
}

/** Files that the initializer unpacks, and does not keep. */
const ARCHIVE = /\.(zip|tgz|tar(\.\w+)?)$/i;

/**
 * The name of the file that an address ends in; undefined for a folder, and for an archive, whose content is unpacked. A
 * version, as in `llama-3.1`, is no ending of a file, and a "/" at the end says that it is a folder.
 */
export function fileOf(storageUri: string): string | undefined {
  const { scheme, rest } = partsOf(storageUri) ?? {};
  if (rest === undefined || scheme === "hf" || scheme === "oci" || isArchive(storageUri)) return undefined;
  const [, ...path] = rest.split("/");
  return /^.+\.[a-z]\w*$/i.exec(path.at(-1) ?? "")?.[0];
}

export function isArchive(storageUri: string): boolean {
  return ARCHIVE.test(storageUri);
}

/** The variables of the container that say where its model is; none without an artefact. */
export function artefactVariables(settings: ArtefactSettings): Record<string, string> {
  const artefact = artefactOf(settings);
  if (artefact === undefined) return {};
  const revision = artefact.how === "engine" ? artefact.revision : undefined;
  return { MODEL_PATH: artefact.path, ...(revision !== undefined && { MODEL_REVISION: revision }) };
}

/**
 * Why the content of an artefact may become another one without a change of the settings, and how to pin it: "reason; fix".
 * Undefined if it may not.
 */
export function mutability({ storageUri = "", revision, sha256 }: ArtefactSettings): string | undefined {
  const { scheme, rest = "" } = partsOf(storageUri) ?? {};
  if (scheme === undefined || sha256 !== undefined) return undefined;
  if (scheme === "oci")
    return rest.includes("@") ? undefined : "names a tag, which may move; add the digest: @sha256:<digest>";
  if (scheme === "hf") {
    const [, inline = revision ?? ""] = rest.split(":");
    return /^[0-9a-f]{40}$/.test(inline)
      ? undefined
      : "names no commit; set revision to a commit's 40 digits";
  }
  if (scheme !== "pvc" && fileOf(storageUri) !== undefined)
    return "names a file that may be replaced; set its sha256";
  const what = scheme === "pvc" ? "a claim" : isArchive(storageUri) ? "an archive" : "a folder";
  return `names ${what}, whose content may change; use oci:// with a digest, or one file with sha256`;
}

/** The keys of the settings by which a pod mounts an image, such as `volumes.data.image`. */
export function imageVolumes({
  volumes = {},
  ...settings
}: ArtefactSettings & {
  readonly volumes?: Readonly<Record<string, { readonly image?: string | undefined }>>;
}): string[] {
  return [
    ...(artefactOf(settings)?.how === "image" ? ["storageUri"] : []),
    ...Object.entries(volumes).flatMap(([name, { image }]) =>
      image === undefined ? [] : [`volumes.${name}.image`],
    ),
  ];
}
