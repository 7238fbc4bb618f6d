import { expect, test } from "vitest";
import { resolveFleet } from "../../../config/resolve";
import { askForIngress } from "../../../ownership/ingress";
import { apiServer, type Reply } from "../../support/api-server";
import { config, withImage } from "../../support/settings";

const CLASSES = "GET /apis/networking.k8s.io/v1/ingressclasses";
const TRAEFIK: Reply = [
  200,
  { items: [{ metadata: { name: "traefik" }, spec: { controller: "traefik.io/ingress-controller" } }] },
];

async function ask(values: Record<string, unknown>, replies: Record<string, Reply>) {
  const { cluster, asked } = await apiServer(replies);
  const settings = { ...resolveFleet(config(withImage(values))), stack: "dev", cluster };
  return { asked, result: await askForIngress(settings) };
}

test("a fleet gets the controller of its class, and what that cannot do is found", async () => {
  const values = { ingress: { className: "traefik" }, routing: { timeoutSeconds: 5 } };
  const { settings, findings } = (await ask(values, { [CLASSES]: TRAEFIK })).result;
  expect(settings.ingress).toEqual({ annotations: {}, className: "traefik", controller: "traefik" });
  expect(findings).toEqual([
    { level: "error", text: expect.stringMatching(/^routing\.timeoutSeconds: 5 is a limit/) as string },
  ]);
});

test("a class that is not known is the only finding: nothing is said of an unknown controller", async () => {
  const values = { routing: { timeoutSeconds: 5 } };
  const { findings } = (await ask(values, { [CLASSES]: TRAEFIK })).result;
  expect(findings.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^ingress\.className: is not set, and the cluster has no default class/),
  ]);
});

test("a fleet without a model and a default backend asks for no class", async () => {
  const { asked, result } = await ask({ models: "" }, {});
  expect(asked).toEqual([]);
  expect(result.findings).toEqual([]);
});

test("a cluster that refuses is an error with its reason", async () => {
  await expect(ask({}, { [CLASSES]: [500, { message: "etcd is full" }] })).rejects.toThrow(
    /refuses to list ingressclasses \(500: etcd is full\)/,
  );
});
