import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../../lib/paths";

/** What a program was doing at a moment: from the outermost caller to what it called. */
export interface Stack {
  readonly frames: readonly string[];
  /** How much of the processor time, in any unit. */
  readonly value: number;
}

/** A profile of V8, as `node --cpu-prof` writes it. @see https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** The stacks of a profile of Node.js, in microseconds. A frame is a package or a file of this project, not a function. */
export function nodeStacks(text: string): Stack[] {
  const { nodes, samples, timeDeltas } = JSON.parse(text) as CpuProfile;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const times = new Map<number, number>();
  samples.forEach((id, index) => times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0)));
  return [...times].flatMap(([id, value]) => {
    const frames: string[] = [];
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) {
      const { functionName, url } = byId.get(at)?.callFrame ?? { functionName: "", url: "" };
      frames.unshift(nodeFrame(functionName, url));
    }
    return frames.includes("(idle)") ? [] : [{ frames: withoutRepeats(frames), value }];
  });
}

/** @param url Of the function's file; empty for what V8 does itself, such as collecting garbage. */
function nodeFrame(name: string, url: string): string {
  if (url === "") return name;
  if (url.startsWith("node:")) return "Node.js";
  const path = url.startsWith("file:") ? fileURLToPath(url) : url;
  const [, inPackage] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return inPackage ?? relative(ROOT, path);
}

/**
 * The stacks of a profile of Go, in seconds, from what `go tool pprof -traces` prints: the innermost frame first, after its
 * time. A frame is a package.
 */
export function goStacks(text: string): Stack[] {
  return text.split(/^-+\+-+$/m).flatMap((block) => {
    const [, time, unit, functions] = /^\s*([\d.]+)(ms|s)\s+([^]*)$/.exec(block) ?? [];
    if (time === undefined || functions === undefined) return [];
    const frames = functions
      .trim()
      .split(/\s*\n\s*/)
      .map(goFrame);
    return [
      { frames: withoutRepeats(frames.reverse()), value: unit === "ms" ? Number(time) / 1000 : Number(time) },
    ];
  });
}

/** The end of the path of a function's package: `resource/deploy` of `github.com/pulumi/pulumi/pkg/v3/resource/deploy.(*Plan).Run`. */
function goFrame(name: string): string {
  // Types of a generic function have paths, too.
  const [path = ""] = name.split("[");
  const parts = path.split("/").filter((part) => !/^v\d+$/.test(part));
  const last = parts.pop()?.split(".")[0] ?? "";
  return [...parts.slice(-1), last].join("/");
}

/** A package that calls itself is one frame. */
function withoutRepeats(frames: readonly string[]): string[] {
  return frames.filter((frame, index) => frame !== frames[index - 1] && frame !== "(root)");
}
