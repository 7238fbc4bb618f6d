import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cacheDirectory, cachedPath } from "../../../../dev/toolchain/cache";
import { ensureTools, provideTools } from "../../../../dev/toolchain/ensure";
import { TOOLS } from "../../../../dev/toolchain/versions";
import { UserError } from "../../../../lib/user-error";

let folder: string;
let bin: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelfleet-tools-"));
  bin = join(folder, "bin");
  vi.stubEnv("MODELFLEET_CACHE", join(folder, "cache"));
  vi.stubEnv("MODELFLEET_DOWNLOADS", "off");
  vi.stubEnv("PULUMI_HOME", join(folder, "pulumi-home"));
  // The fake programs are shell scripts.
  vi.stubEnv("PATH", `${bin}:/bin`);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A program that prints `answer`, and adds a line to `asked` each time it runs. */
function program(path: string, answer: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "$@" >> ${join(folder, "asked")}\necho "${answer}"\n`);
  chmodSync(path, 0o755);
  return path;
}

function timesAsked(): number {
  const file = join(folder, "asked");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
}

/** A Go that "builds" a file with its own arguments as content, after `seconds`. */
function fakeGo({ version = "1.26.1", seconds = 0, fails = false } = {}): void {
  const output = `while [ "$1" != -o ]; do shift; done; sleep ${seconds}; echo built > "$2"; chmod +x "$2"`;
  const build = fails
    ? `echo "no space left" >&2; exit 1`
    : `echo "$@" >> ${join(folder, "builds")}; ${output}`;
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, "go"),
    `#!/bin/sh\ncase $1 in version) echo "go version go${version} x/y";; build) ${build};; esac\n`,
  );
  chmodSync(join(bin, "go"), 0o755);
}

/** A Go whose downloaded module has these files. */
function fakeModule(files: Readonly<Record<string, string>>): void {
  const module = join(folder, "module");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(module, path)), { recursive: true });
    writeFileSync(join(module, path), text);
  }
  const answer = JSON.stringify({ Dir: module });
  const cases = `version) echo "go version go1.26.1 x/y";; mod) echo '${answer}';;`;
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "go"), `#!/bin/sh\ncase $1 in ${cases} esac\n`);
  chmodSync(join(bin, "go"), 0o755);
}

function builds(): string[] {
  return readFileSync(join(folder, "builds"), "utf8").trim().split("\n");
}

describe("a program on PATH", () => {
  test("is used in a compatible version, and asked for its version once", async () => {
    const etcd = program(join(bin, "etcd"), "etcd Version: 3.6.6");
    expect(await ensureTools(["etcd"])).toEqual({ etcd });
    expect(await ensureTools(["etcd"])).toEqual({ etcd });
    expect(timesAsked()).toBe(1);
  });

  test("is asked for its version again when the file has changed", async () => {
    program(join(bin, "kubectl"), "Client Version: v1.27.4");
    const later = program(join(folder, "later", "kubectl"), "Client Version: v1.36.0");
    vi.stubEnv("PATH", `${bin}:${dirname(later)}:/bin`);
    expect(await ensureTools(["kubectl"])).toEqual({ kubectl: later });
    program(join(bin, "kubectl"), "Client Version: v1.32.4-dispatcher");
    expect(await ensureTools(["kubectl"])).toEqual({ kubectl: join(bin, "kubectl") });
  });

  test("is ignored when this project built it and `npm run env` put it there", async () => {
    const own = join(cacheDirectory(), "pulumi-home", "0", "bin");
    program(join(own, "etcd"), "etcd Version: 3.6.6");
    vi.stubEnv("PATH", `${own}:/bin`);
    await expect(ensureTools(["etcd"])).rejects.toThrow("Go 1.26 or newer is needed to build");
  });

  test("is ignored when it is a pulumi without its language host beside it", async () => {
    const pulumi = program(join(bin, "pulumi"), "v3.217.0");
    const names = ["pulumi", "pulumi-language-nodejs"] as const;
    await expect(ensureTools(names)).rejects.toThrow("(pulumi, pulumi-language-nodejs)");
    const languageHost = program(join(bin, "pulumi-language-nodejs"), "");
    expect(await ensureTools(names)).toEqual({ pulumi, "pulumi-language-nodejs": languageHost });
  });
});

test("the provider is used from Pulumi's own plugin folder, unless its installation was interrupted", async () => {
  const plugin = join(folder, "pulumi-home", "plugins", "resource-kubernetes-v4.25.0");
  const provider = program(join(plugin, "pulumi-resource-kubernetes"), "");
  expect(await ensureTools(["pulumi-resource-kubernetes"])).toEqual({
    "pulumi-resource-kubernetes": provider,
  });
  writeFileSync(`${plugin}.partial`, "");
  await expect(ensureTools(["pulumi-resource-kubernetes"])).rejects.toThrow(UserError);
});

test("the Gateway API's kinds are one file without descriptions and old versions, made of the pinned module", async () => {
  const definition = (kind: string) => `
spec:
  names: { plural: ${kind} }
  versions:
    - name: v1
      storage: true
      schema: { openAPIV3Schema: { description: x, properties: { description: { description: x, type: string } } } }
    - { name: v1beta1, storage: false, schema: { openAPIV3Schema: {} } }
`;
  const { kinds = [] } = TOOLS["gateway-api"];
  fakeModule(Object.fromEntries(kinds.map((file) => [file, definition(file)])));
  const tools = await ensureTools(["gateway-api"]);
  const { items } = JSON.parse(readFileSync(tools["gateway-api"], "utf8")) as { items: unknown[] };
  const schema = { openAPIV3Schema: { properties: { description: { type: "string" } } } };
  expect(items).toEqual(
    kinds.map((plural) => ({
      spec: { names: { plural }, versions: [{ name: "v1", storage: true, schema }] },
    })),
  );
});

describe("a program that is not installed", () => {
  test("is built once, from the pinned module with its checksums", async () => {
    fakeGo();
    const { etcd } = await ensureTools(["etcd"]);
    expect(etcd).toBe(cachedPath("etcd"));
    expect(await ensureTools(["etcd"])).toEqual({ etcd });
    expect(builds()).toHaveLength(1);
    expect(builds()[0]).toMatch(/^build -mod=readonly .*go\.etcd\.io\/etcd\/server\/v3$/);
  });

  test("is the only file that its build leaves", async () => {
    fakeGo();
    const { etcd } = await ensureTools(["etcd"]);
    expect(readdirSync(dirname(etcd))).toEqual(["etcd"]);
  });

  test("is built once for two callers at the same time", async () => {
    fakeGo({ seconds: 0.3 });
    const [one, two] = await Promise.all([ensureTools(["kwok"]), ensureTools(["kwok"])]);
    expect(one).toEqual(two);
    expect(builds()).toHaveLength(1);
  });

  test("is built although a killed build left its lock and a part of the file", async () => {
    fakeGo();
    const path = cachedPath("etcd");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      `${path}.lock`,
      JSON.stringify({ pid: process.pid, start: "another process of that number" }),
    );
    writeFileSync(join(dirname(path), "etcd.part-1"), "half");
    expect(await ensureTools(["etcd"])).toEqual({ etcd: path });
    expect(readdirSync(dirname(path))).toEqual(["etcd"]);
  });

  test("is not in the cache when its build fails, and the error has Go's own message", async () => {
    fakeGo({ fails: true });
    await expect(ensureTools(["etcd"])).rejects.toThrow("no space left");
    expect(existsSync(cachedPath("etcd"))).toBe(false);
  });

  test("is built no longer once its caller has failed", async () => {
    fakeGo({ seconds: 1 });
    const tools = provideTools(["etcd", "kwok"]);
    const etcd = tools.of(["etcd"]);
    tools.stop();
    await expect(etcd).rejects.toThrow();
    expect(existsSync(cachedPath("etcd"))).toBe(false);
  });

  test("cannot be built without Go, and the message says what to do", async () => {
    await expect(ensureTools(["etcd", "kwok"])).rejects.toThrow(
      new UserError(
        `Go 1.26 or newer is needed to build what is not installed (etcd, kwok): install it so that "go" is on PATH, then try again.`,
      ),
    );
  });

  test.each(["1.26", "1.27rc1", "2.0.1"])("is built with Go %s", async (version) => {
    fakeGo({ version });
    const { etcd } = await ensureTools(["etcd"]);
    expect(existsSync(etcd)).toBe(true);
  });

  test.each(["1.24.13", "1.9.30"])("cannot be built with Go %s, which is too old", async (version) => {
    fakeGo({ version });
    await expect(ensureTools(["etcd"])).rejects.toThrow(
      `but ${join(bin, "go")} is version ${version}: install a newer one`,
    );
  });
});
