import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { mirrored } from "../../../../dev/toolchain/mirror";
import { isListed, updatedPublications } from "../../../../dev/toolchain/update-downloads";
import { ETCD_VERSION } from "../../../../dev/toolchain/versions";
import { digest } from "../../../../lib/digest";
import { mirrorOf, useSandbox } from "../../../support/downloads";

const sandbox = useSandbox();

const OLD = {
  version: "1.0",
  url: "https://publisher.example/v{version}/etcd-{os}-{arch}",
  published: "https://publisher.example/v{version}/SHA256SUMS",
  sha256: { "linux-amd64": digest("old") },
};
const FOLDER = `/files/publisher.example/v${ETCD_VERSION}`;

test("a new version has the checksums of its files, on the platforms that it is published for", async () => {
  await mirrorOf({
    [`${FOLDER}/etcd-linux-amd64`]: "new",
    [`${FOLDER}/etcd-darwin-arm64`]: "new for macOS",
    [`${FOLDER}/SHA256SUMS`]: `${digest("new")}  etcd-linux-amd64\n${digest("new for macOS")}  etcd-darwin-arm64\n`,
  });
  expect(await updatedPublications({ etcd: OLD }, mirrored)).toEqual({
    etcd: {
      ...OLD,
      version: ETCD_VERSION,
      sha256: { "darwin-arm64": digest("new for macOS"), "linux-amd64": digest("new") },
    },
  });
  expect(sandbox.said).toContain(`etcd ${ETCD_VERSION} linux-arm64: not published`);
});

test("a known checksum of the pinned version stays, and its file is not asked for", async () => {
  const asked = await mirrorOf({});
  const known = { ...OLD, version: ETCD_VERSION };
  expect(await updatedPublications({ etcd: known }, mirrored)).toEqual({ etcd: known });
  expect(asked).not.toContain(`${FOLDER}/etcd-linux-amd64`);
});

test("a file that is not the one of the publisher's checksum is refused", async () => {
  await mirrorOf({
    [`${FOLDER}/etcd-linux-amd64`]: "evil",
    [`${FOLDER}/SHA256SUMS`]: `${digest("new")}  etcd-linux-amd64\n`,
  });
  await expect(updatedPublications({ etcd: OLD }, mirrored)).rejects.toThrow(
    `https://publisher.example/v${ETCD_VERSION}/etcd-linux-amd64 has not the checksum of https://publisher.example/v${ETCD_VERSION}/SHA256SUMS`,
  );
});

test("a version that is published for no platform is an error", async () => {
  await mirrorOf({});
  await expect(updatedPublications({ etcd: OLD }, mirrored)).rejects.toThrow(
    `etcd ${ETCD_VERSION} is not published for any platform: nothing was changed.`,
  );
});

test.each([
  ["the checksum alone", (sha256: string) => `${sha256}\n`, true],
  ["its name", (sha256: string) => `${digest("other")}  other\n${sha256}  file\n`, true],
  ["its name as a binary file", (sha256: string) => `${sha256} *./file\n`, true],
  ["a SHA-512", (_: string, sha512: string) => `${sha512}  file\n`, true],
  ["another name only", (sha256: string) => `${sha256}  other\n`, false],
  ["another checksum", () => `${digest("other")}  file\n`, false],
])("a list with %s has the file: %s", (_, list, expected) => {
  const sums = { sha256: digest("text"), sha512: createHash("sha512").update("text").digest("hex") };
  expect(isListed(list(sums.sha256, sums.sha512), "file", sums)).toBe(expected);
});
