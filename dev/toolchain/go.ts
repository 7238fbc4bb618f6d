import { constants, setPriority } from "node:os";
import { execa } from "execa";
import semver from "semver";
import { UserError } from "../../lib/user-error";
import { firstOnPath } from "./installed";
import { GO_VERSION } from "./versions";

/** Runs the Go command in a folder and returns its standard output; throws a UserError with Go's own message. */
export type Go = (folder: string, args: readonly string[]) => Promise<string>;

const NEWER_GO = `Go ${GO_VERSION.replace(/\.0$/, "")} or newer`;

/**
 * The Go command of this machine.
 *
 * @param folder A Go module's folder: with its go.mod, an older Go may download the version that it needs.
 * @param purpose Why Go is needed, for messages: `to build etcd and kubectl`.
 * @param cancelSignal Ends the running Go commands when it fires.
 * @throws UserError when there is no Go, or when it is too old and does not download a newer one.
 */
export async function findGo(folder: string, purpose: string, cancelSignal: AbortSignal): Promise<Go> {
  const path = firstOnPath("go");
  if (!path)
    throw new UserError(
      `${NEWER_GO} is needed ${purpose}: install it so that "go" is on PATH, then try again.`,
    );
  const answer = await execa(path, ["version"], {
    cwd: folder,
    reject: false,
    all: true,
    env: GO_ENVIRONMENT,
  });
  const version = /go version go([\d.]+)/.exec(answer.all ?? "")?.[1];
  if (!version || semver.lt(semver.coerce(version) ?? "0.0.0", GO_VERSION)) {
    const found = version ? `version ${version}` : `"${(answer.all ?? answer.shortMessage).trim()}"`;
    throw new UserError(
      `${NEWER_GO} is needed ${purpose}, but ${path} is ${found}: install a newer one, or set GOTOOLCHAIN=auto.`,
    );
  }
  return async (cwd, args) => {
    const running = execa(path, args, {
      cwd,
      reject: false,
      stdin: "ignore",
      env: GO_ENVIRONMENT,
      cancelSignal,
    });
    // A cluster that starts meanwhile, and whatever else runs, comes first.
    if (running.pid !== undefined) setPriority(running.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const run = await running;
    if (!run.failed) return run.stdout;
    const reason = [run.shortMessage, ...run.stderr.split("\n").slice(-15)].join("\n  ");
    throw new UserError(
      `${reason}\nThe programs built so far are kept: run the same command again to continue.`,
    );
  };
}

/** Ignores a target, a workspace and flags in the user's environment. An empty target means this machine. */
const GO_ENVIRONMENT = {
  CGO_ENABLED: "0",
  GOARCH: "",
  GOOS: "",
  GOWORK: "off",
  GO111MODULE: "on",
  // Never changes go.mod.
  GOFLAGS: "-mod=readonly",
  // The compiler collects garbage a quarter as often, until it has 2 GiB: a seventh less processor time.
  GOGC: process.env["GOGC"] ?? "400",
  GOMEMLIMIT: process.env["GOMEMLIMIT"] ?? "2GiB",
};
