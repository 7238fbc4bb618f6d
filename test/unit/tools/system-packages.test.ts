import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureSystemPackages } from "../../../tools/system-packages";

// The files of the machine that this test runs on must not matter: all that is asked for by full path is there.
vi.mock("node:fs", async (original) => ({ ...(await original<object>()), existsSync: () => true }));

let folder: string;
let bin: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelfleet-packages-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  vi.stubEnv("PATH", bin);
  vi.stubEnv("MODELFLEET_CACHE", join(folder, "cache"));
  vi.spyOn(process, "platform", "get").mockReturnValue("linux");
  vi.spyOn(process, "getuid").mockReturnValue(0);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  Object.defineProperty(process.stdin, "isTTY", { value: false, configurable: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, text = ""): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}`);
  chmodSync(join(bin, name), 0o755);
}

/** An apt-get that writes its calls down, and "installs" the programs by making them executable. */
function aptGet(before = ""): void {
  const files = ["containerd", "ctr"]
    .map((name) => `echo > ${bin}/${name}; /bin/chmod +x ${bin}/${name}`)
    .join("; ");
  script(
    "apt-get",
    `echo "$DEBIAN_FRONTEND: $@" >> ${folder}/calls\n${before}\n[ $1 = install ] && { ${files}; }\nexit 0`,
  );
}

function calls(): string[] {
  return readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
}

const INSTALL = "noninteractive: install --yes --no-install-recommends containerd";

describe("with all programs there", () => {
  beforeEach(() => ["containerd", "ctr", "runc", "nft", "ip"].forEach((name) => script(name)));

  it("a root user on Linux has no reason against a real node", async () => {
    expect(await ensureSystemPackages()).toBeUndefined();
  });

  it("another user has one", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    expect(await ensureSystemPackages()).toBe("a real node needs root");
  });

  it("another system has one", async () => {
    vi.spyOn(process, "platform", "get").mockReturnValue("darwin");
    expect(await ensureSystemPackages()).toBe("a real node needs Linux");
  });
});

describe("with a package missing", () => {
  beforeEach(() => ["runc", "nft", "ip"].forEach((name) => script(name)));

  it("installs that package alone, and asks nothing", async () => {
    aptGet();
    expect(await ensureSystemPackages()).toBeUndefined();
    expect(calls()).toEqual([INSTALL]);
  });

  it("fetches the package lists only when the installation fails without", async () => {
    aptGet(`[ $1 = update ] && echo > $0.updated; [ $1 = install ] && [ ! -f $0.updated ] && exit 100`);
    expect(await ensureSystemPackages()).toBeUndefined();
    expect(calls()).toEqual([INSTALL, "noninteractive: update", INSTALL]);
  });

  it("gives apt-get's last words as the reason when it fails", async () => {
    aptGet(`echo "E: Unable to locate package" >&2; exit 100`);
    expect(await ensureSystemPackages()).toBe(
      "containerd could not be installed: E: Unable to locate package",
    );
  });

  it("names the command when it may not install", async () => {
    aptGet();
    expect(await ensureSystemPackages({ install: false })).toBe(
      "containerd missing: apt-get install --no-install-recommends containerd",
    );
  });

  it("says so on a system without apt-get", async () => {
    expect(await ensureSystemPackages()).toBe("containerd missing, and this is not a Debian-like system");
  });
});
