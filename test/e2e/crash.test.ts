import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const MODELS = Array.from({ length: 12 }, (_, index) => `m${index}`);

describe("an update that is killed", () => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "crash",
      cluster,
      config: { namespace: "crash", models: [], defaults: { image: "registry.example/model:1" } },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove("crash"));

  const wanted = (models: readonly string[]) =>
    [
      ...models.flatMap((id) => [`deployment/${id}`, `secret/${id}-env`, `service/${id}`]),
      ...(models.length > 0 ? ["ingress/modelfleet"] : []),
    ].sort();

  // Ten moments between the first request and the last, each another one: they are spread, with some chance in each.
  test.each(Array.from({ length: 10 }, (_, index) => index))(
    "at random moment %i leaves a fleet that the next update completes, without an orphan",
    async (moment) => {
      // Alternately from nothing to all, and to another half with another image: creations, changes and deletions.
      const growing = moment % 2 === 0;
      const models = growing ? MODELS : MODELS.filter((_, index) => index % 4 === moment % 4);
      fleet.configure({ models, defaults: { image: `registry.example/model:${moment}` } });

      const update = fleet.start("up", "--yes", "--skip-preview");
      const ended = update.then(
        () => true,
        () => true,
      );
      const milliseconds = 1500 + 300 * moment + Math.random() * 300;
      const early = await Promise.race([
        ended,
        new Promise((resolve) => setTimeout(() => resolve(false), milliseconds)),
      ]);
      if (!early && update.pid !== undefined) process.kill(-update.pid, "SIGKILL");
      await ended;

      await fleet.pulumi("cancel", "--yes");
      await fleet.up();
      expect(await fleet.objects()).toEqual(wanted(models));
      const images = await fleet.kubectl(
        ...[
          "get",
          "deployments",
          "-n",
          "crash",
          "-o",
          "jsonpath={.items[*].spec.template.spec.containers[0].image}",
        ],
      );
      expect(new Set(images.split(" "))).toEqual(new Set([`registry.example/model:${moment}`]));
      await fleet.must("preview", "--expect-no-changes");
    },
  );
});
