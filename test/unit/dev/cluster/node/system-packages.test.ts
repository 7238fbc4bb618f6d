import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Missing, Prerequisites } from "../../../../../dev/cluster/node/prerequisites";
import { ensureSystemPackages, withoutServices } from "../../../../../dev/cluster/node/system-packages";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelfleet-packages-"));
  vi.stubEnv("PATH", folder);
  vi.stubEnv("MODELFLEET_CACHE", join(folder, "cache"));
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  Object.defineProperty(process.stdin, "isTTY", { value: false, configurable: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const ALL_THERE: Prerequisites = { containerd: "/usr/bin/containerd", cniFolder: "/usr/lib/cni" };
const NO_ROOT: Missing = { reason: "a real node needs root", packages: [] };
const NO_RUNC: Missing = { reason: "a real node needs runc", packages: ["runc"] };

/** A fake apt-get that records its calls and "installs" by creating a file. */
function aptGet(before = ""): void {
  const file = join(folder, "apt-get");
  const lines = [
    "#!/bin/sh",
    "shift 2",
    `echo "$DEBIAN_FRONTEND: $@" >> ${folder}/calls`,
    before,
    `[ $1 = install ] && echo > ${folder}/installed`,
    "exit 0",
  ];
  writeFileSync(file, lines.join("\n"));
  chmodSync(file, 0o755);
}

const find = () => (existsSync(join(folder, "installed")) ? ALL_THERE : NO_RUNC);
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const INSTALL = "noninteractive: install --yes --no-install-recommends runc";

describe("missing system packages", () => {
  test("are not installed when nothing is missing, or when packages do not help", async () => {
    aptGet();
    expect(await ensureSystemPackages(() => ALL_THERE)).toBeUndefined();
    expect(await ensureSystemPackages(() => NO_ROOT)).toBe("a real node needs root");
    expect(existsSync(join(folder, "calls"))).toBe(false);
  });

  test("are installed without a question when there is no terminal", async () => {
    aptGet();
    expect(await ensureSystemPackages(find)).toBeUndefined();
    expect(calls()).toEqual([INSTALL]);
  });

  test("are installed once by two commands that start at the same time", async () => {
    aptGet();
    expect(await Promise.all([ensureSystemPackages(find), ensureSystemPackages(find)])).toEqual([
      undefined,
      undefined,
    ]);
    expect(calls()).toEqual([INSTALL]);
  });

  test("are installed after an update of the package lists only when the first attempt fails", async () => {
    aptGet(`[ $1 = update ] && echo > $0.updated; [ $1 = install ] && [ ! -f $0.updated ] && exit 100`);
    expect(await ensureSystemPackages(find)).toBeUndefined();
    expect(calls()).toEqual([INSTALL, "noninteractive: update", INSTALL]);
  });

  test("are reported with apt-get's last line when the installation fails", async () => {
    aptGet(`echo "E: Unable to locate package" >&2; exit 100`);
    expect(await ensureSystemPackages(find)).toBe("runc could not be installed: E: Unable to locate package");
  });

  test("are reported when they are still missing after the installation", async () => {
    aptGet();
    expect(await ensureSystemPackages(() => NO_RUNC)).toBe("a real node needs runc");
  });
});

describe("the policy against services", () => {
  test("exists while packages are installed, and is removed when that fails", async () => {
    const policy = join(folder, "policy-rc.d");
    await expect(
      withoutServices(async () => {
        expect(readFileSync(policy, "utf8")).toBe("#!/bin/sh\nexit 101\n");
        expect(statSync(policy).mode & 0o100).toBe(0o100);
        throw new Error("no space left");
      }, policy),
    ).rejects.toThrow("no space left");
    expect(existsSync(policy)).toBe(false);
  });

  test("is removed when a signal ends the command", async () => {
    const policy = join(folder, "policy-rc.d");
    const killed = vi.spyOn(process, "kill").mockReturnValue(true);
    await withoutServices(async () => {
      process.emit("SIGTERM", "SIGTERM");
      expect(existsSync(policy)).toBe(false);
      expect(killed).toHaveBeenCalledWith(process.pid, "SIGTERM");
    }, policy);
  });

  test("is left alone when the machine already has one", async () => {
    const policy = join(folder, "policy-rc.d");
    writeFileSync(policy, "theirs");
    await withoutServices(async () => undefined, policy);
    expect(readFileSync(policy, "utf8")).toBe("theirs");
  });
});
