import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { say } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { filledIn, type Publication, PUBLICATIONS, type Publications, toolsOf } from "./downloads";
import { fetchFile, NotDownloaded, type Received } from "./fetch-file";
import { TOOLS } from "./versions";

const FILE = join(import.meta.dirname, "downloads.json");
const PLATFORMS = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64"];

/** Prints the address of every file that may be downloaded on some platform: what a mirror has to have. */
export function printUrls(): void {
  for (const publication of Object.values(PUBLICATIONS))
    for (const key of Object.keys(publication.sha256))
      process.stdout.write(`${filledIn(publication.url, publication, key)}\n`);
}

/** Writes `downloads.json` anew, for the pinned versions. */
export async function updateDownloads(): Promise<void> {
  const next = await updatedPublications(PUBLICATIONS);
  await writeFile(FILE, `${JSON.stringify(next, undefined, 2)}\n`);
}

/**
 * The publications in the pinned versions. A checksum of the same version stays; each other one is that of the file, which
 * must be the one that the publisher has written down. A platform whose file does not exist is left out.
 *
 * @param from Where a URL is asked for. @default there: a mirror must not decide which checksums are right
 * @throws UserError when a server cannot be reached, when no platform has a file, or when a file is not the one of the publisher's checksum.
 */
export async function updatedPublications(
  publications: Publications,
  from: (url: string) => string = (url) => url,
): Promise<Publications> {
  const folder = await mkdtemp(join(tmpdir(), "modelfleet-checksums-"));
  try {
    const updated: Record<string, Publication> = {};
    for (const [name, publication] of Object.entries(publications))
      updated[name] = await updatedOne(name, publication, { folder, from });
    return updated;
  } catch (error) {
    throw error instanceof NotDownloaded ? new UserError(`${error.message}: nothing was changed.`) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where files are kept meanwhile, and asked for. */
interface Place {
  readonly folder: string;
  readonly from: (url: string) => string;
}

async function updatedOne(name: string, publication: Publication, place: Place): Promise<Publication> {
  const [tool] = toolsOf(name, publication);
  const { version, kinds = PLATFORMS } = TOOLS[tool];
  const next = { ...publication, version };
  const sha256: Record<string, string> = {};
  for (const key of kinds) {
    const known = version === publication.version ? publication.sha256[key] : undefined;
    const sum = known ?? (await sumOf(next, key, place));
    if (sum !== undefined) sha256[key] = sum;
    if (known === undefined) say(`  ${name} ${version} ${key}: ${sum ?? "not published"}`);
  }
  if (Object.keys(sha256).length === 0)
    throw new UserError(`${name} ${version} is not published for any platform: nothing was changed.`);
  if (publication.published === undefined && version !== publication.version)
    say(`! ${name}: its publisher has no list of checksums; compare them with another source.`);
  return { ...next, sha256 };
}

/** The SHA-256 of a file that its publisher has; undefined if there is no such file. */
async function sumOf(publication: Publication, key: string, place: Place): Promise<string | undefined> {
  const url = filledIn(publication.url, publication, key);
  const sums = await receive(place.from(url), join(place.folder, "file"));
  if (sums === undefined || publication.published === undefined) return sums?.sha256;
  const list = join(place.folder, "checksums");
  const where = filledIn(publication.published, publication, key);
  if ((await receive(place.from(where), list)) === undefined) throw new NotDownloaded(where, "is not there");
  if (!isListed(await readFile(list, "utf8"), basename(url), sums))
    throw new UserError(`${url} has not the checksum of ${where}: do not use it.`);
  return sums.sha256;
}

async function receive(url: string, to: string): Promise<Received | undefined> {
  try {
    return await fetchFile(url, to);
  } catch (error) {
    if (error instanceof NotDownloaded && error.why.endsWith("404")) return undefined;
    throw error;
  }
}

/** Whether a list of SHA-256 or SHA-512 has a file with its checksum. A list of one file may have no name. */
export function isListed(list: string, name: string, { sha256, sha512 }: Received): boolean {
  const lines = list.split("\n").map((line) => line.trim().split(/\s+\*?/));
  return lines.some(
    ([sum = "", listed = name]) => [sha256, sha512].includes(sum) && listed.replace(/^\.\//, "") === name,
  );
}
