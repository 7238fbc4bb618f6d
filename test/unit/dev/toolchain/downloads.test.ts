import { describe, expect, test } from "vitest";
import { filledIn, PUBLICATIONS, sourceOf, toolsOf } from "../../../../dev/toolchain/downloads";
import { CLUSTER_TOOLS, NODE_TOOLS, PULUMI_TOOLS } from "../../../../dev/toolchain/ensure";
import { isCompatible, TOOLS } from "../../../../dev/toolchain/versions";

const PLATFORMS = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64"];
/** Versions that may differ from the pinned one: their publishers' checksums are known, and those of the pinned one are not. */
const OTHER_VERSIONS: Readonly<Record<string, string>> = { traefik: "3.7.10" };
/** What has no entry for now, so that it is built. */
const BUILT: readonly string[] = [];

describe.each(Object.entries(PUBLICATIONS))("what is downloaded as %s", (name, publication) => {
  const { version, url, published, sha256 } = publication;
  const [tool, ...others] = toolsOf(name, publication);
  const { version: pinned, kinds } = TOOLS[tool];

  test("has the pinned version, or another one that is listed here and compatible", () => {
    expect([pinned, OTHER_VERSIONS[name]]).toContain(version);
    expect(isCompatible(tool, version)).toBe(true);
  });

  test("is of programs that are known here", () => {
    for (const one of [tool, ...others]) expect(Object.keys(TOOLS)).toContain(one);
  });

  test("has an address with the version, and one per file", () => {
    const keys = Object.keys(sha256);
    const urls = [
      ...keys.map((key) => filledIn(url, publication, key)),
      filledIn(published ?? url, publication, ""),
    ];
    for (const one of urls) expect(one).toMatch(new RegExp(`^https://[a-z0-9.]+/[^{}]*v${version}[^{}]*$`));
    expect(new Set(urls).size).toBe(keys.length + 1);
  });

  test("has a SHA-256 per platform, or per file of kinds", () => {
    for (const key of Object.keys(sha256)) expect(kinds ?? PLATFORMS).toContain(key);
    for (const sum of Object.values(sha256)) expect(sum).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(Object.values(sha256)).size).toBe(Object.keys(sha256).length);
  });
});

test("on the most common platform, a first start builds nothing but what is listed here", () => {
  const needed = [...PULUMI_TOOLS, ...CLUSTER_TOOLS, ...NODE_TOOLS];
  expect(needed.filter((tool) => !sourceOf(tool, PUBLICATIONS, "linux-amd64"))).toEqual(BUILT);
});

test("an address has the publisher's own name of an architecture", () => {
  const { files, content } = sourceOf("pulumi", PUBLICATIONS, "linux-amd64") ?? {};
  expect(files?.[0]?.url).toMatch(/-linux-x64\.tar\.gz$/);
  expect(content).toEqual({
    pulumi: "pulumi/pulumi",
    "pulumi-language-nodejs": "pulumi/pulumi-language-nodejs",
  });
  expect(sourceOf("etcd", PUBLICATIONS, "linux-arm64")?.content).toEqual({
    etcd: "etcd-v3.6.6-linux-arm64/etcd",
  });
});
