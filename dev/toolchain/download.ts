import { join } from "node:path";
import { say, step } from "../../lib/progress";
import { type Publications, type Source, sourceOf } from "./downloads";
import { NotDownloaded } from "./fetch-file";
import { mayDownload } from "./mirror";
import { folderOf, take, WrongChecksum } from "./take";
import type { ToolName } from "./versions";

/** Shows the step as failed. */
class NoneDownloaded extends Error {}

/**
 * The path of a program in the cache that was downloaded, or would be; undefined if it is not published for this
 * platform, or if nothing may be downloaded.
 */
export function downloadedPath(tool: ToolName, publications: Publications): string | undefined {
  const source = mayDownload() ? sourceOf(tool, publications) : undefined;
  return source && join(folderOf(source), tool);
}

/**
 * Downloads programs into the cache, each with its pinned checksum, and prints progress. What cannot be downloaded is left
 * out, and a sentence says why.
 *
 * @param isThere Gets each program with its path, once it can be used.
 */
export async function downloadTools(
  tools: readonly ToolName[],
  publications: Publications,
  isThere: (tool: ToolName, path: string) => void,
): Promise<void> {
  const sources = mayDownload() ? tools.map((tool) => sourceOf(tool, publications)) : [];
  const wanted = new Map(sources.flatMap((source) => (source ? [[source.name, source] as const] : [])));
  if (wanted.size === 0) return;
  const failures = new Map<Source, NotDownloaded>();
  const title = `Downloading ${wanted.size === 1 ? [...wanted.keys()].join() : `${wanted.size} programs`}`;
  try {
    await step(title, (detail) => takeAll([...wanted.values()], failures, isThere, detail));
  } catch (error) {
    if (!(error instanceof NoneDownloaded)) throw error;
  }
  sayFailures(failures, tools);
}

/** All at the same time: a server that does not answer is waited for once, and no file waits for another one. */
async function takeAll(
  sources: readonly Source[],
  failures: Map<Source, NotDownloaded>,
  isThere: (tool: ToolName, path: string) => void,
  detail: (text: string) => void,
): Promise<void> {
  let [done, bytes] = [0, 0];
  const takeOne = async (source: Source) => {
    try {
      await take(source, (more) => {
        bytes += more;
        detail(`${done} of ${sources.length}, ${Math.round(bytes / 1e6)} MB`);
      });
      done++;
      for (const tool of source.tools) isThere(tool, join(folderOf(source), tool));
    } catch (error) {
      if (!(error instanceof NotDownloaded)) throw error;
      failures.set(source, error);
    }
  };
  await Promise.all(sources.map(takeOne));
  if (done === 0) throw new NoneDownloaded();
}

/** One sentence for all, grouped by the reason; a wrong checksum is said by itself, too. */
function sayFailures(failures: ReadonlyMap<Source, NotDownloaded>, wanted: readonly ToolName[]): void {
  const reasons = new Map<string, { tools: ToolName[]; whats: Set<string> }>();
  for (const [source, error] of failures) {
    const { tools, whats } = reasons.get(error.why) ?? { tools: [], whats: new Set<string>() };
    reasons.set(error.why, { tools: [...tools, ...source.tools], whats: whats.add(error.what) });
    if (error instanceof WrongChecksum) sayWrong(error);
  }
  const list = [...reasons].map(([why, { tools, whats }]) => {
    const names = wanted.filter((tool) => tools.includes(tool));
    return `${names.join(", ")} (${[...whats].join(", ")} ${why})`;
  });
  if (list.length > 0) say(`! Not downloaded, so built: ${list.join("; ")}.`);
}

function sayWrong({ what, pinned, received }: WrongChecksum): void {
  say(`! WRONG CHECKSUM of ${what}: it is damaged, or somebody changed it. It was removed, and is not used.`);
  say(`!   pinned   ${pinned}`);
  say(`!   received ${received}`);
}
