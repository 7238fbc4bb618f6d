import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchFile } from "../../../../dev/toolchain/fetch-file";
import { digest } from "../../../../lib/digest";
import { serverOf } from "../../../support/loopback-server";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelfleet-fetch-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a request", () => {
  test("follows redirects, as release pages have them", async () => {
    const { host, asked } = await serverOf(({ url }, response) => {
      if (url === "/file") response.writeHead(302, { location: "/elsewhere" }).end();
      else response.end("content");
    });
    const file = join(folder, "file");
    const { sha256 } = await fetchFile(`http://${host}/file`, file);
    expect(sha256).toBe(digest("content"));
    expect(readFileSync(file, "utf8")).toBe("content");
    expect(asked).toEqual(["/file", "/elsewhere"]);
  });

  test("gives up after five redirects", async () => {
    const { host, asked } = await serverOf((_, response) => response.writeHead(302, { location: "/" }).end());
    await expect(fetchFile(`http://${host}/`, join(folder, "file"))).rejects.toThrow("redirects too often");
    expect(asked).toHaveLength(6);
  });

  test("gives up on a server that does not answer", async () => {
    const { host } = await serverOf(() => undefined);
    const file = join(folder, "file");
    await expect(fetchFile(`http://${host}/`, file, undefined, { answerMs: 50 })).rejects.toThrow(
      `${host} cannot be reached (no answer within 0.05 s)`,
    );
    expect(existsSync(file)).toBe(false);
  });

  test("gives up on a server that stops in the middle", async () => {
    const { host } = await serverOf((_, response) => response.write("half"));
    await expect(
      fetchFile(`http://${host}/`, join(folder, "file"), undefined, { stallMs: 50 }),
    ).rejects.toThrow(`${host}/ was cut off after 4 bytes (nothing arrived for 0.05 s)`);
  });
});
