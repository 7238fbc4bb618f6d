import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeWhole } from "../../../lib/write-whole";

describe("writeWhole", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "modelfleet-write-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("replaces a file and leaves no other file beside it", () => {
    writeWhole(join(folder, "file"), "old");
    writeWhole(join(folder, "file"), "new");
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test("gives the file the permissions that it is passed", () => {
    writeWhole(join(folder, "file"), "secret", 0o600);
    expect(statSync(join(folder, "file")).mode & 0o777).toBe(0o600);
  });

  test("leaves no part file when it fails", () => {
    mkdirSync(join(folder, "taken"));
    expect(() => writeWhole(join(folder, "taken"), "new")).toThrow("EISDIR");
    expect(readdirSync(folder)).toEqual(["taken"]);
  });
});
