import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { UsageError } from "../lib/user-error";

/** Whether somebody sees a question and can answer it. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks a question on the terminal; anything but yes is no. */
export async function agrees(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/**
 * The value of a secret: from standard input, or typed at a prompt that shows nothing. A single line loses its line
 * break, which no key has.
 */
export async function secretValue(name: string): Promise<string> {
  const value = process.stdin.isTTY
    ? await typed(`Value of ${name} (not shown): `)
    : await readAll(process.stdin);
  const line = /^([^\r\n]*)\r?\n$/.exec(value)?.[1] ?? value;
  if (line === "") throw new UsageError(`${name} is empty: give its value on standard input, or type it`);
  return line;
}

async function typed(question: string): Promise<string> {
  process.stderr.write(question);
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: hidden, terminal: true });
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
