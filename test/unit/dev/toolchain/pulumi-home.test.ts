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

test("Pulumi's home has the provider as a plugin of its version, and not beside pulumi", () => {
  const { directory, bin } = pulumiHome(programsIn("cache/bin"));
  const provider = join(directory, "plugins/resource-kubernetes-v4.25.0/pulumi-resource-kubernetes");
  expect(readFileSync(provider, "utf8")).toBe("pulumi-resource-kubernetes");
  expect(() => statSync(join(bin, "pulumi-resource-kubernetes"))).toThrow("ENOENT");
});

test("Pulumi's home has built programs as hard links, so that pulumi finds its language host beside itself", () => {
  const tools = programsIn("cache/bin");
  const { bin } = pulumiHome(tools);
  for (const name of ["pulumi", "pulumi-language-nodejs", "kubectl"] as const) {
    expect(lstatSync(join(bin, name)).ino).toBe(statSync(tools[name]).ino);
  }
});

test("Pulumi's home has installed programs as symbolic links", () => {
  const { bin } = pulumiHome(programsIn("installed"));
  expect(lstatSync(join(bin, "pulumi")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(bin, "pulumi"), "utf8")).toBe("pulumi");
});

test("Pulumi's home has a file in the place of the folder in which pulumi would write a log of every step", () => {
  const { directory } = pulumiHome(programsIn("cache/bin"));
  expect(statSync(join(directory, "logs")).isFile()).toBe(true);
});

test("Pulumi's home is one folder per set of programs", () => {
  const tools = programsIn("cache/bin");
  expect(pulumiHome(tools)).toEqual(pulumiHome(tools));
  expect(pulumiHome(programsIn("installed")).directory).not.toBe(pulumiHome(tools).directory);
});
