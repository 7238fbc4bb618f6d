import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PULUMI_TOOLS, type PulumiTools } from "../../../../dev/toolchain/ensure";
import { pulumiHome } from "../../../../dev/toolchain/pulumi-home";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelfleet-home-"));
  vi.stubEnv("MODELFLEET_CACHE", join(folder, "cache"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function programsIn(place: string): PulumiTools {
  const paths = PULUMI_TOOLS.map((name) => [name, join(folder, place, name, name)] as const);
  for (const [name, path] of paths) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name);
  }
  return Object.fromEntries(paths) as PulumiTools;
}

test("holds the provider as a plugin of its version, and not beside pulumi", () => {
  const { directory, bin } = pulumiHome(programsIn("cache/bin"));
  const provider = join(directory, "plugins/resource-kubernetes-v4.25.0/pulumi-resource-kubernetes");
  expect(readFileSync(provider, "utf8")).toBe("pulumi-resource-kubernetes");
  expect(() => statSync(join(bin, "pulumi-resource-kubernetes"))).toThrow("ENOENT");
});

test("holds built programs as files of their own, so that pulumi finds its language host beside itself", () => {
  const tools = programsIn("cache/bin");
  const { bin } = pulumiHome(tools);
  for (const name of ["pulumi", "pulumi-language-nodejs", "kubectl"] as const) {
    expect(lstatSync(join(bin, name)).ino).toBe(statSync(tools[name]).ino);
  }
});

test("only points at installed programs", () => {
  const { bin } = pulumiHome(programsIn("installed"));
  expect(lstatSync(join(bin, "pulumi")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(bin, "pulumi"), "utf8")).toBe("pulumi");
});

test("is the same for the same programs, and another one for others", () => {
  const tools = programsIn("cache/bin");
  expect(pulumiHome(tools)).toEqual(pulumiHome(tools));
  expect(pulumiHome(programsIn("installed")).directory).not.toBe(pulumiHome(tools).directory);
});
