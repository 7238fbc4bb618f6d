import { expect, test } from "vitest";
import { versions } from "../../../../../cli/doctor/checks/versions";
import { PROVIDER_VERSION } from "../../../../../dev/toolchain/versions";
import { api, factsWith, fails, STATE } from "../../../../support/doctor";

test("versions that fit are no problem, nor are those that cannot be known", async () => {
  expect(await versions.look(factsWith())).toEqual([]);
  expect(await versions.look(factsWith({ state: fails("x"), cluster: fails("y") }))).toEqual([]);
});

test("an old pulumi, an old cluster and a newer provider of the last update are problems", async () => {
  const facts = factsWith({
    pulumiVersion: "3.216.1",
    state: () => Promise.resolve({ ...STATE, providerVersion: "99.1.0" }),
    cluster: () => Promise.resolve({ api: api(), id: "a", version: "v1.29.3-gke.1" }),
  });
  expect((await versions.look(facts)).map(({ problem }) => problem)).toEqual([
    "pulumi is 3.216.1, and Pulumi.yaml requires >=3.217.0",
    `the last update was made with version 99.1.0 of Pulumi's Kubernetes provider, and here is ${PROVIDER_VERSION}`,
    "the cluster has Kubernetes v1.29.3-gke.1, and the fleet needs 1.30 or newer",
  ]);
});
