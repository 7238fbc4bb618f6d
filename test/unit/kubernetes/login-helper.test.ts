import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Access, chosenAccess } from "../../../kubernetes/access";
import { loginTo } from "../../../kubernetes/login";
import { askHelper } from "../../../kubernetes/login-helper";
import { kubeconfigOf } from "../../support/api-server";

const VERSION = "client.authentication.k8s.io/v1";
const answerOf = (status: object, apiVersion = VERSION) =>
  JSON.stringify({ kind: "ExecCredential", apiVersion, status });

/** The access by a login helper that is this shell script, in a kubeconfig with a path relative to it. */
function accessOf(
  script: string,
  exec: object = {},
  cluster: object = {},
): Access & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-helper-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "helper"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const helper = { apiVersion: VERSION, command: "./helper", interactiveMode: "IfAvailable", ...exec };
  writeFileSync(join(folder, "config"), kubeconfigOf("https://a.example/", { exec: helper }, cluster));
  const environment = { KUBECONFIG: join(folder, "config") };
  return { ...chosenAccess({ kubeconfig: undefined, context: undefined, environment }), folder };
}

function ask(access: Access, timeoutMs?: number) {
  if (!access.user.exec) throw new Error("no helper");
  return askHelper(access.user.exec, access, { PATH: process.env["PATH"], GIVEN: "given" }, timeoutMs);
}

describe("a login helper", () => {
  test("has no input, is passed the cluster and its own variables, and gives a token that expires", async () => {
    const status = { token: "t", expirationTimestamp: "2026-01-02T03:04:05Z" };
    const access = accessOf(
      `printf '%s\\n' "$KUBERNETES_EXEC_INFO" "$GIVEN $OWN $1" >"$(dirname "$0")/seen"
      cat >>"$(dirname "$0")/seen"
      echo '${answerOf(status)}'`,
      { args: ["argument"], env: [{ name: "OWN", value: "own" }], provideClusterInfo: true },
      {
        "certificate-authority-data": "eA==",
        "tls-server-name": "n",
        extensions: [{ name: "client.authentication.k8s.io/exec", extension: { audience: "x" } }],
      },
    );
    expect(await ask(access)).toEqual({ token: "t", expires: Date.parse(status.expirationTimestamp) });
    const [info, variables, ...rest] = readFileSync(join(access.folder, "seen"), "utf8").split("\n");
    expect(JSON.parse(info ?? "")).toEqual({
      kind: "ExecCredential",
      apiVersion: VERSION,
      spec: {
        interactive: false,
        cluster: {
          server: "https://a.example",
          "tls-server-name": "n",
          "certificate-authority-data": "eA==",
          config: { audience: "x" },
        },
      },
    });
    expect([variables, ...rest]).toEqual(["given own argument", ""]);
  });

  test("may give a certificate, and is told of the cluster only if its entry says so", async () => {
    const access = accessOf(
      `case "$KUBERNETES_EXEC_INFO" in *cluster*) exit 1;; esac
      echo '${answerOf({ clientCertificateData: "c", clientKeyData: "k" })}'`,
    );
    expect(await ask(access)).toEqual({ cert: "c", key: "k" });
  });

  test("is killed with its children if it takes too long, with an error that says so", async () => {
    await expect(ask(accessOf("sleep 60 & wait"), 200)).rejects.toThrow(
      /^the login helper ".*\/helper" did not end in 0\.2 s; it may be waiting for a login$/,
    );
  });

  test.each<[string, string, string]>([
    [
      "fails",
      "echo >&2; echo 'The login has expired' >&2; exit 255",
      "ended with 255: The login has expired",
    ],
    ["fails without a word", "exit 3", "ended with 3"],
    ["prints no JSON", "echo token-4711", "printed no JSON"],
    ["prints something else", `echo '{"token":"token-4711"}'`, "printed no ExecCredential with a status"],
    [
      "prints another version",
      `echo '${answerOf({ token: "token-4711" }, "x/v1")}'`,
      `answers with another apiVersion than ${VERSION}`,
    ],
    [
      "gives nothing",
      `echo '${answerOf({ clientKeyData: "token-4711" })}'`,
      "gave neither a token nor a certificate with its key",
    ],
    ["prints a token as its error", `echo "no: ${"a1".repeat(40)}" >&2; exit 1`, "ended with 1: no: ***"],
  ])("that %s is an error without what it printed", async (_what, script, reason) => {
    const access = accessOf(script);
    await expect(ask(access)).rejects.toThrow(`the login helper "${access.folder}/helper" ${reason}`);
    await expect(ask(access)).rejects.not.toThrow("4711");
  });

  test("is asked once for all requests, and again after its token has expired", async () => {
    const count = `echo x >>"$(dirname "$0")/asked"; n=$(wc -l <"$(dirname "$0")/asked" | tr -d ' ')`;
    const print = (status: string) => `echo '{"apiVersion":"${VERSION}","status":${status}}' | sed "s/N/$n/"`;
    const lasting = loginTo(accessOf(`${count}; ${print('{"token":"N"}')}`), process.env);
    const headers = (await Promise.all([lasting(), lasting()])).map((login) => login.headers);
    expect(headers).toEqual([{ authorization: "Bearer 1" }, { authorization: "Bearer 1" }]);
    const expired = `{"token":"N","expirationTimestamp":"2020-01-01T00:00:00Z"}`;
    const again = loginTo(accessOf(`${count}; ${print(expired)}`), process.env);
    const first = (await again()).headers;
    const second = (await again()).headers;
    expect(first).not.toEqual(second);
  });
});
