import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "../../../lib/paths";

test("a program with the hook reads kubeconfigs with the Kubernetes client and does not load its generated API", async () => {
  const directory = await mkdtemp(join(tmpdir(), "modelfleet-client-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
  const kubeconfig = {
    "current-context": "mine",
    contexts: [{ name: "mine", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://cluster.example" } }],
    users: [{ name: "u", user: { token: "t" } }],
  };
  await writeFile(
    join(directory, "main.mjs"),
    `import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
    import * as api from "@kubernetes/client-node/dist/gen/index.js";
    const config = new KubeConfig();
    config.loadFromString(${JSON.stringify(JSON.stringify(kubeconfig))});
    const options = { headers: {} };
    await config.applyToHTTPSOptions(options);
    console.log(JSON.stringify([config.getCurrentCluster().server, options.headers, Object.keys(api)]));`,
  );
  const loader = `--import=${join(ROOT, "kubernetes/slim-client.mjs")}`;
  const { stdout, stderr } = await execa("node", [loader, join(directory, "main.mjs")], { reject: false });
  expect(stderr).toBe("");
  // slim-client.mjs has the names that the reader needs from the generated API: a newer client may need more.
  expect(JSON.parse(stdout)).toEqual([
    "https://cluster.example",
    { Authorization: "Bearer t" },
    ["ServerConfiguration", "createConfiguration"],
  ]);
});
