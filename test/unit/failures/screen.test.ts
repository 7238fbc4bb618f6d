import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HIDDEN, HIDDEN_LINE, screenOf } from "../../../failures/screen";

const KEY = 'k/4+é"7 \\x?~';

describe("a secret value is hidden", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  test.each<[string, string]>([
    ["as it is", KEY],
    ["as base64", base64(KEY)],
    ["as base64 for URLs", Buffer.from(KEY).toString("base64url")],
    ["in a URL", encodeURIComponent(KEY)],
    ["in a form", new URLSearchParams({ key: KEY }).toString().slice("key=".length)],
    ["in a URL with small digits", encodeURIComponent(KEY).replaceAll(/%../g, (code) => code.toLowerCase())],
    ["in JSON without other alphabets", JSON.stringify(KEY).replaceAll("é", "\\u00e9")],
    ["in a byte string of Python", KEY.replaceAll("\\", "\\\\").replaceAll("é", "\\xc3\\xa9")],
    ["in HTML", KEY.replaceAll('"', "&quot;").replaceAll("é", "&#233;")],
    ["in JSON", JSON.stringify({ key: KEY })],
    ["in hexadecimal digits", Buffer.from(KEY).toString("hex")],
  ])("%s", (_form, written) => {
    const text = screenOf([KEY])(`error: bad key ${written}, stop`);
    expect(text).toMatch(/^error: bad key .*\[secret\].*, stop$/);
    expect(text).not.toContain(KEY);
  });

  test("inside a longer text that is encoded as a whole, such as a header or a Secret", () => {
    for (const before of ["", "u", "us", "user:"]) {
      const text = screenOf(["password-4711"])(base64(`${before}password-4711 and more`));
      expect(Buffer.from(text.split(HIDDEN)[0] ?? "", "base64").toString()).toBe(
        before.slice(0, text.length),
      );
      expect(Buffer.from(text, "base64").toString()).not.toContain("word-47");
    }
  });

  test("in each of its lines, and in the strings of its JSON", () => {
    const pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----";
    expect(screenOf([pem])("line 2: kqhkiG9w0BAQEF")).toBe(`line 2: ${HIDDEN}`);
    const account = JSON.stringify({ type: "a", private_key: pem, id: "account-4711" });
    expect(screenOf([account])("MIIEvQIBADANBg of account-4711")).toBe(`${HIDDEN} of ${HIDDEN}`);
    expect(screenOf(["host=a\npassword=4711-4712\n"])("4711-4712 is wrong")).toBe(`${HIDDEN} is wrong`);
  });

  test("in the password of its URL", () => {
    const screen = screenOf(["postgres://user:p%40ss-4711@db:5432/x"]);
    expect(screen("no role for p@ss-4711 or p%40ss-4711 on db")).toBe(
      `no role for ${HIDDEN} or ${HIDDEN} on db`,
    );
  });

  test("and a value that is part of another one leaves no rest of that", () => {
    expect(screenOf(["abcd", "abcdefgh"])("abcdefgh abcd")).toBe(`${HIDDEN} ${HIDDEN}`);
  });

  test("with its whole line if it is short", () => {
    expect(screenOf(["42", "longer"])("a 42\nlonger\nb 4")).toBe(`${HIDDEN_LINE}\n${HIDDEN}\nb 4`);
  });

  test("whatever it is: no text has it afterwards, in plain text or as base64", () => {
    const value = fc
      .string({ minLength: 4, unit: "grapheme" })
      .filter((text) => !HIDDEN.includes(text.trim()));
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
        const text = screenOf([secret])(`${before}${secret}${after}\n${base64(before + secret + after)}`);
        expect(text.split("\n").slice(0, -1).join("\n")).not.toContain(secret);
        expect(Buffer.from(text.split("\n").at(-1) ?? "", "base64").toString()).not.toContain(secret);
      }),
    );
  });
});

test("other text stays as it is", () => {
  const text = `error: no model "nobody"\n\n  at ${createHash("sha256").update("x").digest("hex")}`;
  expect(screenOf([KEY, "", " "])(text)).toBe(text);
});

test("a long value is hidden too, but for single digits of its base64", () => {
  const random = createHash("shake256", { outputLength: 20_000 }).update("x").digest("base64url");
  const text = screenOf([random])(`key ${random}, and ${Buffer.from(random).toString("base64")}`);
  expect(
    text
      .split(HIDDEN)
      .join(" ")
      .split(/\s+/)
      .filter((rest) => rest.length > 4),
  ).toEqual([]);
});
