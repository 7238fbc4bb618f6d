import { expect, test } from "vitest";
import { missingCertificate } from "../../../../ownership/checks/certificate";
import type { Plan } from "../../../../ownership/finding";
import type { Existing, Snapshot } from "../../../../ownership/snapshot";

const secret = (name: string): Existing => ({ kind: "secret", object: `secret/${name}`, metadata: { name } });

const found = (secrets: readonly Existing[] | undefined, annotations = {}, secretName?: string) =>
  missingCertificate(
    {
      namespace: "models",
      routing: { tls: { secretName } },
      ingress: { className: "nginx", annotations },
    } as Plan,
    { objects: new Map(secrets && [["secret", secrets]]) } as unknown as Snapshot,
  );

test("a certificate that is not there is a warning with the command that makes it", () => {
  expect(found([secret("iris-env")], {}, "cert")).toEqual([
    {
      level: "warning",
      text: 'routing.tls.secretName: there is no Secret "cert" in namespace "models", so the ingress controller serves a certificate of its own; make it: `kubectl create secret tls cert --namespace models --cert <file> --key <file>`',
    },
  ]);
});

test.each([
  ["it is there", [secret("cert")], {}, "cert"],
  ["cert-manager makes it", [], { "cert-manager.io/cluster-issuer": "a" }, "cert"],
  ["the account may not look", undefined, {}, "cert"],
  ["the controller's own is wanted", [], {}, undefined],
] as const)("there is no warning if %s", (_why, secrets, annotations, name) => {
  expect(found(secrets, annotations, name)).toEqual([]);
});
