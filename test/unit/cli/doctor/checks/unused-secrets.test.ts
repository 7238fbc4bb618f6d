import { expect, test } from "vitest";
import { unusedSecrets } from "../../../../../cli/doctor/checks/unused-secrets";
import { api, factsWith, found, objectsOf, STATE } from "../../../../support/doctor";

const version = (name: string) => found(`secret/${name}`, "models", "iris-env");
const POD = { spec: { containers: [{ envFrom: [{ secretRef: { name: "used" } }] }] } };

const answers = {
  state: () =>
    Promise.resolve({
      ...STATE,
      objects: [{ kind: "secret" as const, namespace: "models", name: "released" }],
    }),
  objects: () =>
    Promise.resolve(
      objectsOf(version("used"), version("unused"), version("released"), found("secret/iris-env")),
    ),
  cluster: () => {
    const get = (path: string) =>
      Promise.resolve({ status: 200, body: { items: path.endsWith("/pods") ? [POD] : [] } });
    return Promise.resolve({ api: api({ get }), id: "a", version: undefined });
  },
};

test("only a former version that no pod needs is unused; --fix deletes it", async () => {
  expect(await unusedSecrets.look(factsWith(answers))).toEqual([
    {
      problem: "1 Secret that no pod needs: secret/unused",
      fix: "`pulumi up --stack prod`",
      objects: ["secret/unused"],
      mend: { does: "delete secret/unused", run: expect.any(Function) as unknown },
    },
  ]);
});

test("--fix deletes none while an update may be running: it makes a Secret before the pods that need it", async () => {
  const locks = () => Promise.resolve(undefined);
  const [finding] = await unusedSecrets.look(factsWith({ ...answers, locks }));
  expect(finding?.objects).toEqual(["secret/unused"]);
  expect(finding?.mend).toBeUndefined();
});
