import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { say } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { filledIn, type Publication, PUBLICATIONS, type Publications, toolsOf } from "./downloads";
import { fetchFile, NotDownloaded, type Received } from "./fetch-file";
import { mirrored } from "./mirror";
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
 * @throws UserError when a server cannot be reached, or when a file is not the one of the publisher's checksum.
 */
export async function updatedPublications(publications: Publications): Promise<Publications> {
  const folder = await mkdtemp(join(tmpdir(), "modelfleet-checksums-"));
  try {
    const updated: Record<string, Publication> = {};
    for (const [name, publication] of Object.entries(publications))
      updated[name] = await updatedOne(name, publication, folder);
    return updated;
  } catch (error) {
    throw error instanceof NotDownloaded ? new UserError(`${error.message}: nothing was changed.`) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function updatedOne(name: string, publication: Publication, folder: string): Promise<Publication> {
  const [tool] = toolsOf(name, publication);
  const { version, kinds = PLATFORMS } = TOOLS[tool];
  const next = { ...publication, version };
  const sha256: Record<string, string> = {};
  for (const key of kinds) {
    const known = version === publication.version ? publication.sha256[key] : undefined;
    const sum = known ?? (await sumOf(next, key, folder));
    if (sum !== undefined) sha256[key] = sum;
    if (known === undefined) say(`  ${name} ${version} ${key}: ${sum ?? "not published"}`);
  }
  return { ...next, sha256 };
}

/** The SHA-256 of a file that its publisher has; undefined if there is no such file. */
async function sumOf(publication: Publication, key: string, folder: string): Promise<string | undefined> {
  const url = filledIn(publication.url, publication, key);
  const sums = await receive(url, join(folder, "file"));
  if (sums === undefined || publication.published === undefined) return sums?.sha256;
  const list = join(folder, "checksums");
  const where = filledIn(publication.published, publication, key);
  if ((await receive(where, list)) === undefined) throw new NotDownloaded(where, "is not there");
  if (!isListed(await readFile(list, "utf8"), basename(url), sums))
    throw new UserError(`${url} has not the checksum of ${where}: do not use it.`);
  return sums.sha256;
}

async function receive(url: string, to: string): Promise<Received | undefined> {
  try {
    return await fetchFile(mirrored(url), to);
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
