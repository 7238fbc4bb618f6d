import { escaped } from "../docs/picture";
import type { Stack } from "./stacks";

const WIDTH = 1000;
const ROW = 18;
const FONT_SIZE = 11;
/** A little wider than the usual sans-serif fonts, so that no text leaves its box. */
const CHARACTER_WIDTH = FONT_SIZE * 0.58;
const HEADER = 30;
/** Boxes of less than this share of the whole are left out. */
const SMALLEST = 0.004;

/** A caller and what it called, with the time of both. */
interface Box {
  value: number;
  readonly called: Map<string, Box>;
}

/**
 * A flame graph as SVG: a box per frame, as wide as its share of the time, above the box of its caller; callers with the same
 * name are one box. @see https://www.brendangregg.com/flamegraphs.html
 *
 * @param title Stands above it, with the time of the whole.
 */
export function flameGraph(title: string, stacks: readonly Stack[]): string {
  const root: Box = { value: 0, called: new Map() };
  for (const { frames, value } of stacks) add(root, frames, value);
  const depth = depthOf(root, root.value * SMALLEST);
  const height = HEADER + depth * ROW + 6;
  const boxes = drawn(root, { left: 0, level: 0, total: root.value, bottom: height - 6 });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(title)}</title>
<style>text { font: ${FONT_SIZE}px ui-sans-serif, system-ui, Helvetica, Arial, "DejaVu Sans", sans-serif; fill: #1e293b } .title { font-weight: bold; font-size: 13px }</style>
<rect width="${WIDTH}" height="${height}" fill="#f8fafc"/>
<text x="8" y="20" class="title">${escaped(title)}</text>
${boxes.join("\n")}
</svg>
`;
}

function add(box: Box, frames: readonly string[], value: number): void {
  box.value += value;
  const [first, ...others] = frames;
  if (first === undefined) return;
  const called = box.called.get(first) ?? { value: 0, called: new Map<string, Box>() };
  box.called.set(first, called);
  add(called, others, value);
}

function depthOf({ called }: Box, least: number): number {
  const shown = [...called.values()].filter(({ value }) => value >= least);
  return Math.max(0, ...shown.map((box) => 1 + depthOf(box, least)));
}

interface Place {
  /** In units of the values. */
  readonly left: number;
  readonly level: number;
  readonly total: number;
  readonly bottom: number;
}

function drawn({ called }: Box, { left, level, total, bottom }: Place): string[] {
  let at = left;
  const widestFirst = [...called].sort(([, a], [, b]) => b.value - a.value);
  return widestFirst.flatMap(([name, box]) => {
    const place = { left: at, level: level + 1, total, bottom };
    at += box.value;
    if (box.value < total * SMALLEST) return [];
    return [drawnBox(name, box.value, { ...place, level }), ...drawn(box, place)];
  });
}

function drawnBox(name: string, value: number, { left, level, total, bottom }: Place): string {
  const x = (left / total) * WIDTH;
  const width = (value / total) * WIDTH;
  const y = bottom - (level + 1) * ROW;
  const characters = Math.floor((width - 6) / CHARACTER_WIDTH);
  const label = name.length <= characters ? name : characters >= 4 ? `${name.slice(0, characters - 1)}…` : "";
  const share = `${name}: ${((100 * value) / total).toFixed(1)} %`;
  const text = label === "" ? "" : `<text x="${(x + 3).toFixed(1)}" y="${y + 13}">${escaped(label)}</text>`;
  return `<g><title>${escaped(share)}</title><rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(0.5, width - 0.5).toFixed(1)}" height="${ROW - 1}" rx="2" fill="${colourOf(name)}"/>${text}</g>`;
}

/** The same colour for the same name, from yellow to red. */
function colourOf(name: string): string {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.charCodeAt(0)) % 997;
  return `rgb(${236 + (sum % 18)}, ${150 + (sum % 80)}, ${100 + (sum % 40)})`;
}
