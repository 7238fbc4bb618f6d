import published from "./downloads.json" with { type: "json" };
import { type ToolName, TOOLS } from "./versions";

/** Something that a publisher offers for download: a program per platform, an archive of programs, or files of kinds. */
export interface Publication {
  readonly version: string;
  /** Where it is, with `{version}`, and with `{os}` and `{arch}`, or `{file}`. */
  readonly url: string;
  /** Where the publisher has its checksums, for `npm run downloads`, in the same form. @default nowhere */
  readonly published?: string;
  /** The publisher's names of architectures. @default Go's names: amd64, arm64 */
  readonly names?: Readonly<Record<string, string>>;
  /** Its programs, each with its path in the archive. @default the file is the program, which has the publication's name */
  readonly programs?: Readonly<Record<string, string>>;
  /** The pinned SHA-256 of each file, by platform such as `linux-amd64`, or by `{file}`. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** Publications by name. */
export type Publications = Readonly<Record<string, Publication>>;

/** One file to download, with its pinned checksum. */
export interface Download {
  readonly url: string;
  readonly sha256: string;
}

/** What one or more programs are downloaded from, on one platform. */
export interface Source {
  /** The publication's name. */
  readonly name: string;
  readonly version: string;
  readonly tools: readonly ToolName[];
  /** One file, or each file of kinds. */
  readonly files: readonly Download[];
  /** What the files are; of an archive, the path of each program in it. */
  readonly content: "program" | "kinds" | Readonly<Record<string, string>>;
}

/** What is downloaded rather than built. A platform is left out if no checksum by its publisher is known. */
export const PUBLICATIONS: Publications = published;

/** This platform as Go names it, such as `linux-amd64`. */
export const PLATFORM = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;

/** The programs of a publication, of which there is at least one. */
export function toolsOf(name: string, { programs }: Publication): [ToolName, ...ToolName[]] {
  return (programs ? Object.keys(programs) : [name]) as [ToolName, ...ToolName[]];
}

/** What a program is downloaded from; undefined if nothing is published for the platform. */
export function sourceOf(
  tool: ToolName,
  publications: Publications,
  platform: string = PLATFORM,
): Source | undefined {
  const [name, publication] =
    Object.entries(publications).find(([key, { programs }]) => key === tool || programs?.[tool]) ?? [];
  if (name === undefined || publication === undefined) return undefined;
  const { version, url, programs, sha256 } = publication;
  const { kinds } = TOOLS[tool];
  const keys = kinds ?? [platform];
  const files = keys.map((key) => ({ url: filledIn(url, publication, key), sha256: sha256[key] ?? "" }));
  if (files.some((file) => file.sha256 === "")) return undefined;
  const members = Object.entries(programs ?? {}).map(
    ([program, path]) => [program, filledIn(path, publication, platform)] as const,
  );
  return {
    name,
    version,
    files,
    tools: toolsOf(name, publication),
    content: programs ? Object.fromEntries(members) : kinds ? "kinds" : "program",
  };
}

/**
 * A pattern of a publication with its values.
 *
 * @param key A key of `sha256`: a platform, or the path of a file.
 */
export function filledIn(pattern: string, { version, names = {} }: Publication, key: string): string {
  const [os = "", arch = ""] = key.split("-");
  const values: Readonly<Record<string, string>> = { version, file: key, os, arch: names[arch] ?? arch };
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
