import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readKubeconfig } from "../../../kubernetes/kubeconfig";
import { UserError } from "../../../lib/user-error";
import { kubeconfigOf } from "../../support/api-server";

/** A folder with these files, which ends with the test. */
function folderOf(files: Readonly<Record<string, string>>, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, "modelfleet-kubeconfig-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const ofShell = (KUBECONFIG: string, HOME = "/nowhere") =>
  readKubeconfig({ kubeconfig: undefined, context: undefined, environment: { KUBECONFIG, HOME } });
const ofSettings = (kubeconfig: string) =>
  readKubeconfig({ kubeconfig, context: undefined, environment: {} });

// test/e2e/kubeconfig.test.ts compares what is merged with what kubectl merges.
describe("the kubeconfigs of the shell", () => {
  test("are merged: the first file that has an entry or a current context wins, and a missing or empty one counts for nothing", () => {
    const folder = folderOf({
      empty: "",
      a: kubeconfigOf("https://a"),
      b: kubeconfigOf("https://b").replaceAll('"x"', '"y"'),
    });
    const { currentContext, contexts, clusters } = ofShell(
      ["missing", "empty", "a", "b"].map((name) => join(folder, name)).join(":"),
    );
    expect(currentContext).toBe("x");
    expect([...contexts.keys()].sort()).toEqual(["x", "y"]);
    expect(clusters.get("c")?.server).toBe("https://a");
  });

  test("are ~/.kube/config if KUBECONFIG is not set, and not if it names nothing", () => {
    const home = folderOf({ ".kube/config": kubeconfigOf("https://home") });
    expect(ofShell("", home).clusters.get("c")?.server).toBe("https://home");
    expect(ofShell(":", home).clusters.size).toBe(0);
  });

  test("have paths that are relative to their own file, and commands without a slash that are not", () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "./helper" };
    const user = { tokenFile: "../token", "client-certificate": "pki/crt", "client-key": "/key", exec };
    const folder = folderOf({ config: kubeconfigOf("https://a", user, { "certificate-authority": "ca" }) });
    const { clusters, users } = ofShell(relative(process.cwd(), join(folder, "config")));
    expect(clusters.get("c")?.["certificate-authority"]).toBe(join(folder, "ca"));
    expect(users.get("u")).toMatchObject({
      tokenFile: join(folder, "../token"),
      "client-certificate": join(folder, "pki/crt"),
      "client-key": "/key",
      exec: { command: join(folder, "helper") },
    });
    writeFileSync(
      join(folder, "config"),
      kubeconfigOf("https://a", { exec: { ...exec, command: "helper" } }),
    );
    expect(ofShell(join(folder, "config")).users.get("u")?.exec?.command).toBe("helper");
  });

  test.each<[string, string, string]>([
    ["broken YAML", "users: [secret-4711", "Flow sequence"],
    ["another kind of object", "kind: Deployment", "kind: Invalid option"],
    [
      "a number where text must be",
      "users: [{ name: u, user: { token: 4711 } }]",
      "users.0.user.token: must be a string: put the number in quotes",
    ],
    ["a name twice", "clusters: [{ name: c }, { name: c }]", 'the cluster "c" is listed twice'],
  ])("with %s are an error with the file and the reason, and without a value", (_what, content, reason) => {
    const file = join(folderOf({ broken: content }), "broken");
    const read = () => ofShell(`/missing:${file}`);
    expect(read).toThrow(UserError);
    expect(read).toThrow(`the kubeconfig ${file} cannot be read (`);
    expect(read).toThrow(reason);
    expect(read).not.toThrow("4711");
  });
});

describe("kubernetes:kubeconfig", () => {
  test("is contents or a path, also of the home folder", () => {
    expect(ofSettings(kubeconfigOf("https://a")).clusters.get("c")?.server).toBe("https://a");
    const folder = folderOf({ config: kubeconfigOf("https://b") }, homedir());
    const path = join(folder, "config");
    expect(ofSettings(path).clusters.get("c")?.server).toBe("https://b");
    const tilde = `~/${relative(userInfo().homedir, path)}`;
    expect(ofSettings(tilde).clusters.get("c")?.server).toBe("https://b");
  });

  test("that names no file is an error with the path", () => {
    expect(() => ofSettings("~/nowhere")).toThrow(
      `kubernetes:kubeconfig: there is no file ${join(userInfo().homedir, "nowhere")}; set`,
    );
  });

  test("that is empty counts as none", () => {
    const home = folderOf({ ".kube/config": kubeconfigOf("https://home") });
    const choice = { kubeconfig: "", context: undefined, environment: { HOME: home } };
    expect(readKubeconfig(choice).clusters.get("c")?.server).toBe("https://home");
  });
});
