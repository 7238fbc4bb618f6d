import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ensureTools } from "../../dev/toolchain/ensure";
import { until } from "../../lib/until";
import { freePort } from "./free-port";

const KEYS = { AWS_ACCESS_KEY_ID: "tests", AWS_SECRET_ACCESS_KEY: "not-a-real-key" };

/** A server of the S3 protocol, which keeps a bucket in a folder. */
export interface S3Server {
  readonly url: string;
  /** The folder of the bucket: its files are the objects. */
  readonly folder: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly stop: () => void;
}

/** Starts one with one bucket. @param address Where it listens. @default loopback */
export async function startS3(bucket: string, address = "127.0.0.1"): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-s3-"));
  for (const name of ["buckets", `buckets/${bucket}`, "metadata"]) mkdirSync(join(folder, name));
  const { versitygw } = await ensureTools(["versitygw"]);
  const port = await freePort();
  const args = ["--port", `${address}:${port}`, "posix", "--sidecar", join(folder, "metadata")];
  const server = spawn(versitygw, [...args, join(folder, "buckets")], {
    env: { ROOT_ACCESS_KEY: KEYS.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: KEYS.AWS_SECRET_ACCESS_KEY },
    stdio: "ignore",
  });
  const url = `http://${address}:${port}`;
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  if (!(await until(answers, { intervalMs: 100, timeoutMs: 30_000 })))
    throw new Error("the S3 server does not answer");
  const stop = () => void server.kill("SIGKILL");
  return { url, folder: join(folder, "buckets", bucket), keys: KEYS, stop };
}

/**
 * A server of the S3 protocol on loopback that ends with the test.
 *
 * @returns The variables with which `pulumi` keeps its state in its bucket.
 */
export async function s3Backend(): Promise<Record<string, string>> {
  const { url, keys, stop } = await startS3("fleets");
  onTestFinished(stop);
  return {
    ...keys,
    PULUMI_BACKEND_URL: `s3://fleets?endpoint=${url}&region=us-east-1&s3ForcePathStyle=true`,
  };
}
