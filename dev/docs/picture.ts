import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "../../lib/paths";

/**
 * Draws docs/fleet.svg from docs/captures/*.txt, the real output of the commands in them: `npm run docs`. A test fails
 * when the picture does not match its captures.
 */

const CAPTURES = ["start.txt", "diff.txt", "status.txt"];

/** Longer lines wrap, as in a terminal. */
const COLUMNS = 116;
const FONT_SIZE = 13;
/** A little wider than the usual monospaced fonts, so that no line leaves its window. */
const CHARACTER_WIDTH = FONT_SIZE * 0.61;
const LINE_HEIGHT = 18;
const PADDING = 20;
const TITLE_HEIGHT = 34;
const GAP = 20;
const WIDTH = Math.ceil(COLUMNS * CHARACTER_WIDTH) + 2 * PADDING;

/** The window has its own dark background, so that the picture fits a light or a dark page. */
const COLOURS = {
  window: "#0f172a",
  bar: "#1e293b",
  border: "#475569",
  plain: "#cbd5e1",
  faint: "#7c8aa0",
  command: "#f8fafc",
  prompt: "#38bdf8",
  added: "#4ade80",
  changed: "#facc15",
  removed: "#f87171",
} as const;
type Colour = keyof typeof COLOURS;

/** The first rule that matches a line decides its colour. */
const RULES: readonly [pattern: RegExp, colour: Colour, weight?: "bold"][] = [
  [/^\$ /, "command", "bold"],
  [/^MODEL /, "command", "bold"],
  [/^✓|^ *\+ |^ {2}created /, "added"],
  [/^ *~ |^model "/, "changed"],
  [/^ *- /, "removed"],
  [/^…|^> |^ {2}Deploying|^ *\[(urn|id|provider)=|^ {2}pulumi:|^Ask for/, "faint"],
];

/** The picture of these captures, from top to bottom. */
export function picture(captures: readonly { readonly title: string; readonly text: string }[]): string {
  let top = 0;
  const windows = captures.map(({ title, text }) => {
    const lines = text.trimEnd().split("\n").flatMap(coloured);
    const height = TITLE_HEIGHT + lines.length * LINE_HEIGHT + PADDING + 4;
    const drawn = drawWindow(title, lines, top, height);
    top += height + GAP;
    return drawn;
  });
  const height = top - GAP;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>Terminal output: ${escaped(captures.map(({ title }) => title).join(", then "))}</title>
<style>
text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: ${COLOURS.plain} }
.bold { font-weight: bold }
${Object.entries(COLOURS)
  .map(([name, value]) => `.${name} { fill: ${value} }`)
  .join("\n")}
</style>
${windows.join("\n")}
</svg>
`;
}

/** The content of docs/fleet.svg. */
export function fleetPicture(): string {
  return picture(
    CAPTURES.map((file) => {
      const text = readFileSync(join(ROOT, "docs", "captures", file), "utf8");
      return { title: titleOf(text, file), text };
    }),
  );
}

interface Line {
  readonly text: string;
  readonly colour: Colour;
  readonly weight: "bold" | undefined;
}

/** One line of a capture as lines of the window; if it wraps, all parts have the same colour. */
function coloured(line: string): Line[] {
  const [, colour = "plain", weight] = RULES.find(([pattern]) => pattern.test(line)) ?? [];
  const parts = line.match(new RegExp(`.{1,${COLUMNS}}`, "gu")) ?? [""];
  return parts.map((text) => ({ text, colour, weight }));
}

function drawWindow(title: string, lines: readonly Line[], top: number, height: number): string {
  const buttons = (["removed", "changed", "added"] as const).map(
    (colour, index) => `<circle cx="${PADDING + index * 18}" cy="${top + 17}" r="5.5" class="${colour}"/>`,
  );
  return [
    `<rect x="0.5" y="${top + 0.5}" width="${WIDTH - 1}" height="${height - 1}" rx="10" class="window" stroke="${COLOURS.border}"/>`,
    `<path d="M1 ${top + TITLE_HEIGHT - 4}v-19a10 10 0 0 1 10-10h${WIDTH - 22}a10 10 0 0 1 10 10v19z" class="bar"/>`,
    ...buttons,
    `<text x="${WIDTH / 2}" y="${top + 21}" text-anchor="middle" class="faint">${escaped(title)}</text>`,
    ...lines.map((line, index) => drawLine(line, top + TITLE_HEIGHT + 20 + index * LINE_HEIGHT)),
  ].join("\n");
}

function drawLine({ text, colour, weight }: Line, y: number): string {
  const classes = weight ? `${colour} ${weight}` : colour;
  // For SVG readers that do not support `white-space`, xml:space keeps the indentation.
  const body = text.startsWith("$ ")
    ? `<tspan class="prompt">$ </tspan>${escaped(text.slice(2))}`
    : escaped(text);
  return `<text x="${PADDING}" y="${y}" class="${classes}" xml:space="preserve">${body}</text>`;
}

/** A window's title: the first command of its capture that changes no settings. */
function titleOf(capture: string, file: string): string {
  const commands = [...capture.matchAll(/^\$ (npx \S+ \S+|\S+ \S+)/gm)].map(([, command]) => command);
  return commands.find((command) => !command?.includes("config")) ?? basename(file, ".txt");
}

/** Text as it stands in a picture's source. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
