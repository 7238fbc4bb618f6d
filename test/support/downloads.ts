import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { PLATFORM, type Publication } from "../../dev/toolchain/downloads";
import { digest } from "../../lib/digest";
import { serverOf } from "./loopback-server";

/** A program for downloads, and where a mirror has it as the etcd of {@link etcdOf}. */
export const PROGRAM = "#!/bin/sh\necho downloaded\n";
export const ETCD_PATH = "/files/publisher.example/etcd-1.0";

/** A machine with an empty cache, and with a Go that writes "built" into each program that it is to build. */
export interface Sandbox {
  readonly folder: string;
  /** What was written to standard error. */
  readonly said: string;
}

/** Gives each test of a file a machine of its own. */
export function useSandbox(): Sandbox {
  const sandbox = { folder: "", said: "" };
  beforeEach(() => {
    sandbox.folder = mkdtempSync(join(tmpdir(), "modelfleet-downloads-"));
    sandbox.said = "";
    vi.stubEnv("MODELFLEET_CACHE", join(sandbox.folder, "cache"));
    vi.stubEnv("PULUMI_HOME", join(sandbox.folder, "pulumi-home"));
    vi.stubEnv("PATH", `${join(sandbox.folder, "bin")}:/bin:/usr/bin`);
    for (const name of ["HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"]) vi.stubEnv(name, undefined);
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      sandbox.said += text;
      return true;
    });
    const go = join(sandbox.folder, "bin", "go");
    mkdirSync(dirname(go));
    writeFileSync(
      go,
      `#!/bin/sh
if [ $1 = version ]; then echo "go version go1.26.1 x/y"; exit; fi
while [ "$1" != -o ]; do shift; done
echo built > "$2"
`,
    );
    chmodSync(go, 0o755);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(sandbox.folder, { recursive: true, force: true });
  });
  return sandbox;
}

/** Makes programs come from a mirror that has these files, by path. Returns the paths that it was asked for. */
export async function mirrorOf(files: Readonly<Record<string, string | Buffer>>): Promise<string[]> {
  const { host, asked } = await serverOf(({ url = "" }, response) => {
    const file = files[url];
    if (file === undefined) response.writeHead(404).end("not here");
    else response.end(file);
  });
  vi.stubEnv("MODELFLEET_DOWNLOADS", `http://${host}/files/`);
  return asked;
}

/** Publications with an etcd that has this content. */
export function etcdOf(content: string | Buffer): { readonly etcd: Publication } {
  const url = "https://publisher.example/etcd-{version}";
  return { etcd: { version: "1.0", url, sha256: { [PLATFORM]: digest(content) } } };
}

/** A tar.gz archive with these files, which it writes into a folder first. */
export function archiveOf(folder: string, files: Readonly<Record<string, string>>): Buffer {
  const from = join(folder, "archive");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(from, path)), { recursive: true });
    writeFileSync(join(from, path), text);
  }
  return execFileSync("tar", ["-czf", "-", "-C", from, "."]);
}
