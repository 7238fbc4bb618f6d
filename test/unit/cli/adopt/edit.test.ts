import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { editOf, removeEntries } from "../../../../cli/adopt/edit";
import { fleetView } from "../../../../cli/adopt/fleet";
import { SettingsFile } from "../../../../cli/settings-file";
import type { OpenStack } from "../../../../cli/stack";
import { connect } from "../../../../kubernetes/api";
import { UserError } from "../../../../lib/user-error";
import { apiServer } from "../../../support/api-server";

function fileWith(text: string): SettingsFile {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-adopt-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "Pulumi.dev.yaml");
  writeFileSync(path, text);
  return SettingsFile.read(path);
}

const adoption = { id: "iris", entry: { image: "a:1", env: { "my.mode": null } }, notes: [], problems: [] };

test("the edit has secrets on their own, and each other setting once, however often it is made", async () => {
  const { settings, secrets = [] } = editOf({
    adoptions: [{ ...adoption, secrets: { "my.key": "key-4711" } }],
    ingresses: ["ingress/models/old"],
    registry: { server: "registry.example", username: "u", password: "word-4711" },
    notes: [],
  });
  const values = await Promise.all(secrets.map(async ({ path, value }) => [path, await value()]));
  // Pulumi removes one line break.
  expect(values).toEqual([
    ['secrets.iris["my.key"]', "key-4711\n"],
    ["registry.password", "word-4711\n"],
  ]);
  const file = fileWith(
    "config:\n  modelfleet:models: wine # all\n  modelfleet:adopt:\n    - service/wine\n",
  );
  const opened = {} as OpenStack;
  expect(settings(file, opened)).toEqual([
    "registry: set (registry.example, user u)",
    "models: added iris",
    "catalog.iris: set (image, env)",
    "adopt: added ingress/models/old",
  ]);
  settings(file, opened);
  expect(file.text()).toBe(`config:
  modelfleet:models: iris,wine # all
  modelfleet:adopt:
    - service/wine
    - ingress/models/old
  modelfleet:registry:
    server: registry.example
    username: u
  modelfleet:catalog:
    iris:
      image: a:1
      env:
        my.mode: null
`);
  expect(removeEntries(file, (entry) => entry === "ingress/models/old")).toEqual([
    "adopt: removed ingress/models/old",
  ]);
  removeEntries(file, () => true);
  expect(file.text()).not.toContain("adopt");
});

test("what the settings say already is read as the program reads it", async () => {
  const config = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`modelfleet:${key}`, { value }]));
  const settings = {
    ...{ models: "iris,wine", defaults: '{"replicas":2}', registry: '{"server":"registry.example"}' },
    ...{ catalog: '{"iris":{"path":"/iris"}}', secrets: '{"defaults":{"KEY":"x"}}' },
    ...{
      routing: '{"host":"a.example","pathPrefix":"/m","tls":{}}',
      ingress: '{"className":"public"}',
    },
  };
  const classes = [
    { metadata: { name: "public" }, spec: { controller: "k8s.io/ingress-nginx" } },
    {
      metadata: { name: "own", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
      spec: { controller: "traefik.io/ingress-controller" },
    },
  ];
  const { cluster } = await apiServer({
    "GET /apis/networking.k8s.io/v1/ingressclasses": [200, { items: classes }],
  });
  const api = connect(cluster);
  expect(await fleetView(config(settings), api)).toEqual({
    ...{
      host: "a.example",
      pathPrefix: "/m",
      className: "public",
      controller: "nginx",
      tls: { redirect: true },
    },
    ...{ namespace: "models", listed: ["iris", "wine"], paths: ["/iris", "/m/wine"], catalog: ["iris"] },
    ...{ defaults: { replicas: 2 }, sharedSecrets: ["KEY"], registry: "registry.example" },
  });
  const bare = { namespace: "models", listed: [], className: "own", controller: "traefik" };
  expect(await fleetView({}, api)).toMatchObject(bare);
  for (const wrong of [
    { routing: '{"pathPrefix":"models"}', namespace: "A" },
    { ingress: '{"className":"x"}' },
  ])
    await expect(fleetView(config(wrong), api)).rejects.toThrow(UserError);
});
