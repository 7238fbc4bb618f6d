/**
 * Hides secret values in a text that somebody else wrote, such as the log of a server. What it finds is in
 * docs/decisions/0025-text-of-pods.md; a value that is reversed, hashed or split over lines is not found.
 */

/** What stands in the place of a secret. */
export const HIDDEN = "[secret]";
/** What stands in the place of a line that has a value too short to be told from other text. */
export const HIDDEN_LINE = "[a line with a short secret]";

/** Escapes of one character that are no number, as patterns. */
const SHORT_ESCAPES: Readonly<Record<string, readonly string[]>> = {
  " ": [String.raw`\+`],
  "\n": [String.raw`\\n`],
  "\r": [String.raw`\\r`],
  "\t": [String.raw`\\t`],
  "\\": [String.raw`\\\\`],
  "/": [String.raw`\\\/`],
  '"': [String.raw`\\"`, "&quot;"],
  "'": [String.raw`\\'`, "&apos;"],
  "&": ["&amp;"],
  "<": ["&lt;"],
  ">": ["&gt;"],
};

/** Values with fewer characters hide their whole line: which of its parts is the secret cannot be told. */
const SHORT = 4;
/** Characters of a value that are looked for at once. */
const PIECE = 200;

/** Returns a function that hides these values, and the parts of those that are lists of values. */
export function screenOf(values: Iterable<string>): (text: string) => string {
  const parts = new Set([...values].flatMap(partsOf));
  const short = [...parts].filter((part) => part.length < SHORT);
  // The longest first, so that no part of a value hides a piece of it and leaves the rest.
  const long = [...parts]
    .filter((part) => part.length >= SHORT)
    .flatMap(piecesOf)
    .sort((one, other) => other.length - one.length);
  const forms = long.flatMap(formsOf);
  return (text) => {
    const screened = forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
    if (short.length === 0) return screened;
    const isShown = (line: string) => !short.some((part) => line.replaceAll(HIDDEN, "").includes(part));
    return screened
      .split("\n")
      .map((line) => (isShown(line) ? line : HIDDEN_LINE))
      .join("\n");
  };
}

/** A value, and what a program may print of it alone: its lines, the strings of its JSON, the password of its URL. */
function partsOf(value: string): string[] {
  const whole = value.trim();
  if (whole === "") return [];
  const lines = whole.split(/\r?\n/);
  const inside = [
    ...(lines.length > 1 ? lines.flatMap(partsOfLine) : []),
    ...stringsIn(whole),
    ...passwordsIn(whole),
  ];
  // A short piece of a longer value is rather a bracket or a word than a secret.
  return [value, whole, ...inside.filter((part) => part.length >= SHORT)];
}

/** A text of any length in pieces, so that no pattern becomes too large. */
function piecesOf(text: string): string[] {
  const count = Math.ceil(text.length / PIECE);
  const startOf = (index: number) => Math.floor((index * text.length) / count);
  return Array.from({ length: count }, (_, index) => text.slice(startOf(index), startOf(index + 1)));
}

/** A line, and its value in a file of settings: `key=value` or `key: value`. */
function partsOfLine(line: string): string[] {
  const [, value = ""] = /^\s*[\w.-]+\s*[:=]\s*["']?(.*?)["']?\s*$/.exec(line) ?? [];
  return [line.trim(), value];
}

function stringsIn(text: string): string[] {
  if (!/^[[{]/.test(text)) return [];
  const strings: string[] = [];
  try {
    JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === "string") strings.push(value, ...(value.includes("\n") ? value.split("\n") : []));
      return value;
    });
  } catch {
    return [];
  }
  return strings;
}

function passwordsIn(text: string): string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(text)?.[1];
  return password === undefined ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The forms in which programs write a text: with escapes, as base64, in hexadecimal digits. */
function formsOf(text: string): RegExp[] {
  const bytes = Buffer.from(text);
  return [escapable(text), ...[bytes.toString("hex"), ...base64Forms(bytes)].map(literally)].map(
    (form) => new RegExp(form, "gi"),
  );
}

/** Matches a text in which any character may be escaped as in a URL, in JSON, in a string of a program, or in HTML. */
function escapable(text: string): string {
  const characters = Array.from(text, (character) => {
    const hex = (code: string) => Buffer.from(character, "utf8").toString("hex").replaceAll(/../g, code);
    const units = character.split("").map((unit) => unit.charCodeAt(0).toString(16));
    const forms = [
      literally(character),
      hex("%$&"),
      hex(String.raw`\\x$&`),
      units.map((unit) => String.raw`\\u${unit.padStart(4, "0")}`).join(""),
      String.raw`&#x?0*(${units.join("|")}|${character.codePointAt(0) ?? 0});`,
      ...(SHORT_ESCAPES[character] ?? []),
    ];
    return `(?:${forms.join("|")})`;
  });
  return characters.join("");
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

/**
 * The digits of base64 that depend on these bytes alone, wherever they begin in what is encoded: alone, or inside other
 * text, which shifts them by one or two bytes.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    const digits = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return [digits, digits.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
