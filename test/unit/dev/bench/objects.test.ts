import { expect, test } from "vitest";
import { modelIds } from "../../../../dev/bench/fleet";
import { inOrder, renderFleet } from "../../../../dev/bench/objects";

test("a fleet of one model more is the same fleet with one more at its end", () => {
  expect(modelIds(11).slice(0, 10)).toEqual(modelIds(10));
  expect(new Set(modelIds(300)).size).toBe(300);
  expect([...modelIds(300)].sort()).toEqual(modelIds(300));
});

test("other contenders get every object that the program makes, in an order in which they can be created", async () => {
  const fleet = await renderFleet({ namespace: "bench", models: modelIds(2) });
  expect(inOrder(fleet).map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
    "Namespace/bench",
    "Secret/modelfleet-registry",
    expect.stringMatching(/^Secret\/modelfleet-registry-[0-9a-f]{10}$/),
    "Secret/model-0001-env",
    "Deployment/model-0001",
    "Service/model-0001",
    "Secret/model-0002-env",
    "Deployment/model-0002",
    "Service/model-0002",
    "Ingress/modelfleet",
  ]);
  expect(fleet.models.map(({ path }) => path)).toEqual([
    expect.objectContaining({ path: "/(models/model-0001)(/|$)(.*)" }),
    expect.objectContaining({ path: "/(models/model-0002)(/|$)(.*)" }),
  ]);
});

test("other contenders get nothing that steers Pulumi, and no owner that their cluster does not have", async () => {
  const text = JSON.stringify(inOrder(await renderFleet({ namespace: "bench", models: modelIds(1) })));
  expect(text).not.toContain("pulumi.com/");
  expect(text).not.toContain("ownerReferences");
});
