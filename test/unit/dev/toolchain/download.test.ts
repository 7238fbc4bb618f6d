import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { dirname } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { PLATFORM } from "../../../../dev/toolchain/downloads";
import { ensureTools, provideTools } from "../../../../dev/toolchain/ensure";
import { TOOLS } from "../../../../dev/toolchain/versions";
import { digest } from "../../../../lib/digest";
import { UserError } from "../../../../lib/user-error";
import { archiveOf, ETCD_PATH, etcdOf, mirrorOf, PROGRAM, useSandbox } from "../../../support/downloads";
import { serverOf } from "../../../support/loopback-server";

const sandbox = useSandbox();

describe("a program that a mirror has", () => {
  test("is downloaded once, can be executed, and leaves nothing else", async () => {
    const asked = await mirrorOf({ [ETCD_PATH]: PROGRAM });
    const { etcd } = await ensureTools(["etcd"], etcdOf(PROGRAM));
    expect(await ensureTools(["etcd"], etcdOf(PROGRAM))).toEqual({ etcd });
    expect(execFileSync(etcd, { encoding: "utf8" })).toBe("downloaded\n");
    expect(readdirSync(dirname(etcd))).toEqual(["etcd"]);
    expect(asked).toEqual([ETCD_PATH]);
  });

  test("is downloaded again for another checksum of the same version", async () => {
    await mirrorOf({ [ETCD_PATH]: PROGRAM });
    const { etcd } = await ensureTools(["etcd"], etcdOf(PROGRAM));
    await mirrorOf({ [ETCD_PATH]: "#!/bin/sh\n" });
    const later = await ensureTools(["etcd"], etcdOf("#!/bin/sh\n"));
    expect(later.etcd).not.toBe(etcd);
    expect(readFileSync(later.etcd, "utf8")).toBe("#!/bin/sh\n");
  });

  test("comes out of the publisher's archive, which is asked for once for all of its programs", async () => {
    const archive = archiveOf(sandbox.folder, {
      "pulumi/pulumi": "engine",
      "pulumi/host": "language host",
      "pulumi/other": "",
    });
    const asked = await mirrorOf({ [`/files/publisher.example/1.0/${PLATFORM}.tar.gz`]: archive });
    const pulumi = {
      version: "1.0",
      url: "https://publisher.example/{version}/{os}-{arch}.tar.gz",
      programs: { pulumi: "pulumi/pulumi", "pulumi-language-nodejs": "pulumi/host" },
      sha256: { [PLATFORM]: digest(archive) },
    };
    const tools = await ensureTools(["pulumi", "pulumi-language-nodejs"], { pulumi });
    expect(readFileSync(tools.pulumi, "utf8")).toBe("engine");
    expect(readFileSync(tools["pulumi-language-nodejs"], "utf8")).toBe("language host");
    expect(dirname(tools["pulumi-language-nodejs"])).toBe(dirname(tools.pulumi));
    expect(readdirSync(dirname(tools.pulumi))).toEqual(["pulumi", "pulumi-language-nodejs"]);
    expect(statSync(tools.pulumi).mode & 0o777).toBe(0o755);
    expect(asked).toHaveLength(1);
  });

  test("can be used before the others are there", async () => {
    let answerLater = (): void => undefined;
    const { host } = await serverOf(({ url = "" }, response) => {
      if (url.endsWith("etcd-1.0")) response.end(PROGRAM);
      else answerLater = () => response.end(PROGRAM);
    });
    vi.stubEnv("MODELFLEET_DOWNLOADS", `http://${host}`);
    const kwok = {
      version: "1.0",
      url: "https://publisher.example/kwok",
      sha256: { [PLATFORM]: digest(PROGRAM) },
    };
    const tools = provideTools(["etcd", "kwok"], { ...etcdOf(PROGRAM), kwok });
    const { etcd } = await tools.of(["etcd"]);
    expect(readFileSync(etcd, "utf8")).toBe(PROGRAM);
    answerLater();
    expect(readFileSync((await tools.of(["kwok"])).kwok, "utf8")).toBe(PROGRAM);
  });
});

test("the definitions of kinds are made of the files of a mirror, like those of the Go module", async () => {
  const { kinds = [] } = TOOLS["gateway-api"];
  const text = (kind: string) =>
    `spec: { versions: [{ name: v1, storage: true, schema: { openAPIV3Schema: { title: "${kind}", description: x } } }] }`;
  const files = Object.fromEntries(kinds.map((kind) => [kind, text(kind)]));
  await mirrorOf(Object.fromEntries(kinds.map((kind) => [`/files/publisher.example/${kind}`, text(kind)])));
  const sha256 = Object.fromEntries(Object.entries(files).map(([kind, content]) => [kind, digest(content)]));
  const tools = await ensureTools(["gateway-api"], {
    "gateway-api": { version: "1.0", url: "https://publisher.example/{file}", sha256 },
  });
  const { items } = JSON.parse(readFileSync(tools["gateway-api"], "utf8")) as { items: unknown[] };
  expect(items).toEqual(
    kinds.map((title) => ({
      spec: { versions: [{ name: "v1", storage: true, schema: { openAPIV3Schema: { title } } }] },
    })),
  );
});

test("credentials of the mirror are sent, and not shown", async () => {
  const sent: (string | undefined)[] = [];
  const { host } = await serverOf(({ headers }, response) => {
    sent.push(headers.authorization);
    response.writeHead(403).end();
  });
  vi.stubEnv("MODELFLEET_DOWNLOADS", `http://user:geheim@${host}/files?token=geheim`);
  await ensureTools(["etcd"], etcdOf(PROGRAM));
  expect(sent).toEqual([`Basic ${Buffer.from("user:geheim").toString("base64")}`]);
  expect(sandbox.said).toContain("has HTTP status 403");
  expect(sandbox.said).not.toContain("geheim");
});

test.each(["mirror.example.com", "ftp://mirror.example.com", "https://"])(
  "%s as a mirror is an error that does not show it",
  async (value) => {
    vi.stubEnv("MODELFLEET_DOWNLOADS", value);
    await expect(ensureTools(["etcd"], etcdOf(PROGRAM))).rejects.toThrow(
      new UserError(
        'MODELFLEET_DOWNLOADS must be "off", or the URL of a mirror such as https://mirror.example.com/files: correct or unset it.',
      ),
    );
  },
);

test("programs are downloaded through the proxy of the environment", async () => {
  const { host } = await serverOf((_, response) => response.end(PROGRAM));
  const asked: string[] = [];
  const proxy = createServer().on("connect", ({ url = "" }, client) => {
    asked.push(url);
    const target = connect(Number(host.split(":")[1]), "127.0.0.1");
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    target.pipe(client).pipe(target);
  });
  onTestFinished(() => void proxy.close());
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("HTTP_PROXY", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  vi.stubEnv("MODELFLEET_DOWNLOADS", "http://mirror.example/files");
  const { etcd } = await ensureTools(["etcd"], etcdOf(PROGRAM));
  expect(readFileSync(etcd, "utf8")).toBe(PROGRAM);
  expect(asked).toEqual(["mirror.example:80"]);
});
