import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chosenAccess } from "../../../kubernetes/access";
import { credentialsOf } from "../../../kubernetes/credentials";
import { kubeconfigOf } from "../../support/api-server";

const EXEC = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "no-such-helper" };
const JWT = (exp: number) => `x.${Buffer.from(JSON.stringify({ exp })).toString("base64url")}.x`;

function fileOf(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "file"), content);
  return join(folder, "file");
}

const of = (user: object, server = "https://a.example") =>
  credentialsOf(
    chosenAccess({ kubeconfig: kubeconfigOf(server, user), context: undefined, environment: {} }),
    {},
  );

test.each<[string, () => object, object]>([
  ["a token", () => ({ token: "t", exec: EXEC }), { authorization: "Bearer t" }],
  ["a token file, without white space", () => ({ tokenFile: fileOf(" f\n") }), { authorization: "Bearer f" }],
  [
    "a token file before a token",
    () => ({ token: "t", tokenFile: fileOf("f") }),
    { authorization: "Bearer f" },
  ],
  [
    "a token if its file is missing",
    () => ({ token: "t", tokenFile: "/nowhere" }),
    { authorization: "Bearer t" },
  ],
  ["a password", () => ({ username: "n", password: "p", exec: EXEC }), { authorization: "Basic bjpw" }],
  [
    "an id-token",
    () => ({ "auth-provider": { name: "oidc", config: { "id-token": JWT(4e9) } } }),
    { authorization: `Bearer ${JWT(4e9)}` },
  ],
  [
    "the user that another one acts for",
    () => ({
      token: "t",
      as: "n",
      "as-uid": "1",
      "as-groups": ["g", "h"],
      "as-user-extra": { "a/b": ["c"] },
    }),
    {
      authorization: "Bearer t",
      "impersonate-user": "n",
      "impersonate-uid": "1",
      "impersonate-group": ["g", "h"],
      "impersonate-extra-a%2Fb": ["c"],
    },
  ],
  ["nothing", () => ({}), {}],
])("%s becomes a header", async (_what, user, headers) => {
  expect(await of(user())).toEqual({ headers });
});

test("a client certificate is read from its file or its data, and sent beside a token", async () => {
  const user = {
    token: "t",
    "client-certificate": fileOf("cert"),
    "client-key-data": btoa("key"),
    exec: EXEC,
  };
  expect(await of(user)).toEqual({
    headers: { authorization: "Bearer t" },
    cert: Buffer.from("cert"),
    key: Buffer.from("key"),
  });
});

test("no credentials are sent by plain HTTP, only whom the user acts for", async () => {
  expect(await of({ token: "t", as: "n", exec: EXEC }, "http://a.example")).toEqual({
    headers: { "impersonate-user": "n" },
  });
});

test("an id-token that has expired is an error that says who refreshes it", async () => {
  const user = { "auth-provider": { name: "oidc", config: { "id-token": JWT(1) } } };
  await expect(of(user)).rejects.toThrow("its id-token has expired; `kubectl get namespaces` refreshes it");
});
