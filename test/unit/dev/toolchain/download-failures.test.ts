import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { cachedPath } from "../../../../dev/toolchain/cache";
import { PLATFORM, type Publications } from "../../../../dev/toolchain/downloads";
import { ensureTools } from "../../../../dev/toolchain/ensure";
import { digest } from "../../../../lib/digest";
import { archiveOf, ETCD_PATH, etcdOf, mirrorOf, PROGRAM, useSandbox } from "../../../support/downloads";
import { serverOf } from "../../../support/loopback-server";

const sandbox = useSandbox();

describe("a program is built instead", () => {
  /** Expects that etcd is built, and returns the sentence that says why. */
  async function whyBuilt(publications: Publications = etcdOf(PROGRAM)): Promise<string> {
    const { etcd } = await ensureTools(["etcd"], publications);
    expect(etcd).toBe(cachedPath("etcd"));
    expect(readFileSync(etcd, "utf8")).toBe("built\n");
    return sandbox.said.split("\n").find((line) => line.startsWith("! Not downloaded, so built: ")) ?? "";
  }

  test("when it has another checksum, which is said loudly, and nothing of it stays", async () => {
    await mirrorOf({ [ETCD_PATH]: "#!/bin/sh\necho evil\n" });
    expect(await whyBuilt()).toContain("etcd-1.0 has a wrong checksum).");
    expect(sandbox.said).toMatch(
      /^! WRONG CHECKSUM of 127\.0\.0\.1:\d+\/files\/publisher\.example\/etcd-1\.0: /m,
    );
    expect(sandbox.said).toContain(digest(PROGRAM));
    expect(sandbox.said).toContain(digest("#!/bin/sh\necho evil\n"));
    const bin = join(sandbox.folder, "cache", "bin");
    const left = readdirSync(bin, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(left.map((entry) => join(entry.parentPath, entry.name))).toEqual([cachedPath("etcd")]);
  });

  test("when the mirror does not have it", async () => {
    await mirrorOf({});
    expect(await whyBuilt()).toMatch(
      /: etcd \(127\.0\.0\.1:\d+\/files\/publisher\.example\/etcd-1\.0 has HTTP status 404\)\.$/,
    );
    expect(sandbox.said).toContain("✗ Downloading etcd");
  });

  test("when the server cannot be reached", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port: free } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    vi.stubEnv("MODELFLEET_DOWNLOADS", `http://127.0.0.1:${free}`);
    expect(await whyBuilt()).toBe(
      `! Not downloaded, so built: etcd (127.0.0.1:${free} cannot be reached (ECONNREFUSED)).`,
    );
  });

  test("when it is cut off", async () => {
    const { host } = await serverOf((_, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half", () => response.destroy());
    });
    vi.stubEnv("MODELFLEET_DOWNLOADS", `http://${host}`);
    expect(await whyBuilt()).toMatch(/ was cut off after 4 bytes \(ECONNRESET\)\)\.$/);
  });

  test("when its archive lacks it", async () => {
    const archive = archiveOf(sandbox.folder, { other: "" });
    await mirrorOf({ [ETCD_PATH]: archive });
    const etcd = { ...etcdOf(archive).etcd, programs: { etcd: "etcd" } };
    expect(await whyBuilt({ etcd })).toContain(
      "publisher.example/etcd-1.0 cannot be unpacked (it has no etcd)",
    );
  });

  test("when it is not published for this platform", async () => {
    const asked = await mirrorOf({ [ETCD_PATH]: PROGRAM });
    const etcd = { ...etcdOf(PROGRAM).etcd, sha256: { "plan9-amd64": digest(PROGRAM) } };
    expect(await whyBuilt({ etcd })).toBe("");
    expect(asked).toEqual([]);
  });

  test("when downloads are turned off", async () => {
    vi.stubEnv("MODELFLEET_DOWNLOADS", "off");
    expect(await whyBuilt()).toBe("");
    expect(sandbox.said).not.toContain("Downloading");
  });
});

test("several programs that cannot be downloaded for the same reason are in one sentence, and what is there is used", async () => {
  await mirrorOf({ [ETCD_PATH]: PROGRAM });
  const gone = {
    version: "1.0",
    url: "https://publisher.example/gone",
    sha256: { [PLATFORM]: digest(PROGRAM) },
  };
  const tools = await ensureTools(["etcd", "kwok", "kwokctl"], {
    ...etcdOf(PROGRAM),
    kwok: gone,
    kwokctl: gone,
  });
  expect(readFileSync(tools.etcd, "utf8")).toBe(PROGRAM);
  expect(readFileSync(tools.kwokctl, "utf8")).toBe("built\n");
  expect(sandbox.said).toMatch(
    /^! Not downloaded, so built: kwok, kwokctl \(\S+\/gone has HTTP status 404\)\.$/m,
  );
  expect(sandbox.said).toContain("✓ Downloading 3 programs");
});
