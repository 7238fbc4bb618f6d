import { expect, test } from "vitest";
import { readObjects } from "../../../../cli/doctor/objects";
import { stateOf } from "../../../../cli/doctor/state";
import { connect } from "../../../../kubernetes/api";
import { apiServer, type Reply } from "../../../support/api-server";
import { found } from "../../../support/doctor";

const SELECTOR =
  "labelSelector=app.kubernetes.io%2Fpart-of%3Dmodelfleet%2Capp.kubernetes.io%2Fmanaged-by%3Dpulumi%2Capp.kubernetes.io%2Finstance%3Dprod";
const HERE = "GET /api/v1/namespaces/models/services";
const EVERYWHERE = `GET /api/v1/services?${SELECTOR}`;
const meta = (name: string, namespace = "models", more: object = {}) => ({
  metadata: { ...found(`service/${name}`, namespace).metadata, ...more },
});
const foreign = { metadata: { name: "theirs", namespace: "models" } };
const items = (...all: object[]): Reply => [200, { items: all }];

async function objectsWith(replies: Record<string, Reply>) {
  const { cluster } = await apiServer(replies);
  return readObjects(connect(cluster), { stack: "prod", namespaces: ["models"] });
}

test("the stack's objects of all namespaces are found once; what is being deleted and what others have is not among them", async () => {
  const { own, existing, onlyIn } = await objectsWith({
    [HERE]: items(
      meta("iris"),
      meta("going", "models", { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      foreign,
    ),
    [EVERYWHERE]: items(meta("iris"), meta("iris", "other")),
  });
  expect(own.map(({ object, namespace }) => `${object} ${namespace}`)).toEqual([
    "service/iris models",
    "service/iris other",
  ]);
  expect([...existing]).toEqual(["service/models/iris", "service/models/theirs"]);
  expect(onlyIn).toBeUndefined();
});

test("an account that may list only the fleet's namespace sees that one", async () => {
  const { own, onlyIn } = await objectsWith({ [HERE]: items(meta("iris")), [EVERYWHERE]: [403, {}] });
  expect(own).toHaveLength(1);
  expect(onlyIn).toEqual(["models"]);
});

test("an account that may not list the fleet's namespace is told which right it lacks", async () => {
  const replies: Record<string, Reply> = { [HERE]: [403, { message: "no" }] };
  await expect(objectsWith(replies)).rejects.toThrow(
    /refuses to list service objects in namespace models \(403: no\)/,
  );
});

test("the state is read without its values", () => {
  const urn = (type: string, name: string) => `urn:pulumi:prod::modelfleet::${type}::${name}`;
  const service = { type: "kubernetes:core/v1:Service", id: "models/iris", urn: "x" };
  const secret = "AQID-secret-value";
  const exported = JSON.stringify({
    version: 3,
    deployment: {
      secrets_providers: { type: "passphrase", state: { salt: secret } },
      resources: [
        { type: "pulumi:pulumi:Stack", outputs: { namespace: "models", clusterId: { ciphertext: secret } } },
        { type: "pulumi:providers:kubernetes", id: "p", inputs: { version: "4.25.0", kubeconfig: secret } },
        { ...service, inputs: { data: secret } },
        { ...service, id: "models/replaced", delete: true },
        { type: "kubernetes:core/v1:Namespace", id: "models" },
      ],
      pending_operations: [
        {
          type: "creating",
          resource: { type: service.type, urn: urn(service.type, "wine"), inputs: { secret } },
        },
      ],
    },
  });
  const state = stateOf(exported);
  expect(state).toEqual({
    objects: [{ kind: "service", namespace: "models", name: "iris" }],
    pending: ["creating Service wine"],
    namespace: "models",
    clusterId: undefined,
    secretsProvider: "passphrase",
    providerVersion: "4.25.0",
  });
  expect(stateOf('{"version":3,"deployment":{}}').objects).toEqual([]);
});
