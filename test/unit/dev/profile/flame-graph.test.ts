import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { flameGraph } from "../../../../dev/profile/flame-graph";
import { goStacks, nodeStacks } from "../../../../dev/profile/stacks";
import { ROOT } from "../../../../lib/paths";

test("a profile of Node.js has a frame per package and file, and no time without work", () => {
  const frame = (id: number, functionName: string, url: string, children: number[] = []) => ({
    id,
    callFrame: { functionName, url },
    children,
  });
  const url = (path: string) => pathToFileURL(join(ROOT, path)).href;
  const profile = {
    nodes: [
      frame(1, "(root)", "", [2, 6]),
      frame(2, "main", url("index.ts"), [3]),
      frame(3, "encode", url("node_modules/@grpc/grpc-js/build/call.js"), [4]),
      frame(4, "write", url("node_modules/@grpc/grpc-js/build/stream.js"), [5]),
      frame(5, "send", "node:net"),
      frame(6, "(idle)", ""),
    ],
    samples: [5, 3, 5, 6],
    timeDeltas: [100, 10, 200, 5000],
  };
  expect(nodeStacks(JSON.stringify(profile))).toEqual([
    { frames: ["index.ts", "@grpc/grpc-js", "Node.js"], value: 300 },
    { frames: ["index.ts", "@grpc/grpc-js"], value: 10 },
  ]);
});

test("a profile of Go has a frame per package, the outermost first", () => {
  const text = `File: pulumi
Type: cpu
-----------+-------------------------------------------------------
      20ms   runtime.mallocgc
             encoding/json.(*Decoder).Decode
             encoding/json.Unmarshal
             github.com/pulumi/pulumi/pkg/v3/engine.NewEvent[go.shape.struct { Metadata github.com/pulumi/pulumi/pkg/v3/engine.Event }]
             github.com/pulumi/pulumi/pkg/v3/backend/diy.(*diyBackend).getCheckpoint
-----------+-------------------------------------------------------
     1.50s   runtime.gcBgMarkWorker
-----------+-------------------------------------------------------
`;
  expect(goStacks(text)).toEqual([
    { frames: ["backend/diy", "pkg/engine", "encoding/json", "runtime"], value: 0.02 },
    { frames: ["runtime"], value: 1.5 },
  ]);
});

test("a box is as wide as its share, above its caller, and says what it is", () => {
  const picture = flameGraph("a <title>", [
    { frames: ["program", "package"], value: 3 },
    { frames: ["program"], value: 1 },
  ]);
  expect(picture).toContain("a &lt;title&gt;");
  const widths = [
    ...picture.matchAll(/<title>(\w+): ([\d.]+) %<\/title><rect x="0.0" y="(\d+)" width="([\d.]+)"/g),
  ];
  expect(widths.map(([, name, share, , width]) => [name, share, width])).toEqual([
    ["program", "100.0", "999.5"],
    ["package", "75.0", "749.5"],
  ]);
  const [program = 0, packaged = 0] = widths.map(([, , , y]) => Number(y));
  expect(packaged).toBeLessThan(program);
});

test("what takes almost nothing is not drawn", () => {
  const stacks = [
    { frames: ["large"], value: 1000 },
    { frames: ["small"], value: 1 },
  ];
  expect(flameGraph("title", stacks)).not.toContain("small");
});
