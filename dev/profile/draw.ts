// Draws profiles as a picture: docs/performance.md says how they are made.
import { readFileSync, writeFileSync } from "node:fs";
import { flameGraph } from "./flame-graph";
import { goStacks, nodeStacks } from "./stacks";

const [title, picture, ...files] = process.argv.slice(2);
if (title === undefined || picture === undefined || files.length === 0) {
  process.stderr.write("use: npx tsx dev/profile/draw.ts TITLE PICTURE.svg PROFILE...\n");
  process.exit(2);
}
const stacks = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  return file.endsWith(".cpuprofile") ? nodeStacks(text) : goStacks(text);
});
writeFileSync(picture, flameGraph(title, stacks));
