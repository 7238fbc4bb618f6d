import { execa } from "execa";
import { UserError } from "../../lib/user-error";
import { firstOnPath } from "./installed";
import { GO_VERSION, isAtLeast } from "./versions";

/** Runs the Go command in a folder and returns what it printed; throws a UserError with Go's own reason. */
export type Go = (folder: string, args: readonly string[]) => Promise<string>;

const NEWER_GO = `Go ${GO_VERSION.replace(/\.0$/, "")} or newer`;

/**
 * The Go command of this machine.
 *
 * @param folder A Go module's folder: its go.mod makes a Go that may do so fetch the newer one which it needs.
 * @param purpose What Go is needed for, in the words of a message: `to build etcd and kubectl`.
 * @param cancelSignal Ends the Go commands that run when it fires.
 * @throws UserError when there is none, or when it is too old and does not fetch a newer one.
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
  if (!version || !isAtLeast(version, GO_VERSION)) {
    const found = version ? `version ${version}` : `"${(answer.all ?? answer.shortMessage).trim()}"`;
    throw new UserError(
      `${NEWER_GO} is needed ${purpose}, but ${path} is ${found}: install a newer one, or set GOTOOLCHAIN=auto.`,
    );
  }
  return async (cwd, args) => {
    const run = await execa(path, args, {
      cwd,
      reject: false,
      stdin: "ignore",
      env: GO_ENVIRONMENT,
      cancelSignal,
    });
    if (!run.failed) return run.stdout;
    const reason = [run.shortMessage, ...run.stderr.split("\n").slice(-15)].join("\n  ");
    throw new UserError(`${reason}\nWhat was built so far is kept: the same command goes on from there.`);
  };
}

/** A target or a workspace of the user's own must not change what is built. An empty target is this machine. */
export const GO_TARGET = { CGO_ENABLED: "0", GOARCH: "", GOOS: "", GOWORK: "off" } as const;

/** Nor may flags of the user's own, or read or write another go.mod. */
const GO_ENVIRONMENT = { ...GO_TARGET, GO111MODULE: "on", GOFLAGS: "-mod=readonly" };
