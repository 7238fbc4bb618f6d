import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict, underLoad } from "../support/traffic";
import { changes, Workspace } from "../support/workspace";

/** Both models are the same one, so that either answers the requests that the other got. */
const IRIS = { env: { MODEL_NAME: "iris" } };
const NEXT = "modelfleet.local/model-server:2";

describeReal("paths that lead to other pods than before", (cluster) => {
  let fleet: Workspace;
  const url = (path: string) => `${cluster.ingressUrl}/variants/${path}`;
  const answers = (path: string, version: string) =>
    eventually(async () => expect((await predict(url(path), "iris")).version).toBe(version));
  const uids = () =>
    fleet.kubectl("get", "pods", "-n", "variants", "-o", "jsonpath={.items[*].metadata.uid}");

  /** Updates to a list and its settings, and waits until the first path has another version's answer. */
  async function update(models: readonly string[], catalog: object, version: string): Promise<string> {
    fleet.configure({ models, catalog });
    const text = await fleet.up();
    await answers("iris", version);
    return text;
  }

  beforeAll(async () => {
    const config = {
      namespace: "variants",
      models: ["iris", "flowers"],
      defaults: EXAMPLE_DEFAULTS,
      catalog: { flowers: IRIS },
    };
    fleet = await Workspace.create({
      stack: "variants",
      cluster,
      config: { ...config, ingress: { className: "traefik" } },
    });
    await fleet.up();
    await answers("iris", "1");
    await answers("flowers", "1");
  });
  afterAll(() => fleet.remove("variants"));

  test("lose no request: a challenger, its promotion, another model's path, and a path under a new ID", async () => {
    const catalog = {
      flowers: IRIS,
      iris: { champion: "default", variants: { default: {}, candidate: { image: NEXT } } },
    };
    const load = await underLoad(url("flowers"), "iris", () =>
      underLoad(url("iris"), "iris", async () => {
        const before = await uids();
        const added = await update(["iris", "flowers"], catalog, "1");
        // The variant `default` is the model as it was: only the challenger's objects are new.
        expect(changes(added)).toEqual({ created: 3 });
        const both = await uids();
        expect(both.split(" ")).toEqual(expect.arrayContaining(before.split(" ")));

        const promoted = await fleet.modelfleet(["promote", "iris", "candidate", "--yes"]);
        expect(promoted, promoted.text).toMatchObject({ exitCode: 0 });
        expect(promoted.text).toContain("~ iris: champion default -> candidate");
        await answers("iris", "2");
        expect(await uids()).toBe(both);

        // Without variants again: a new ID takes the path of another model, which takes that of the candidate.
        const petals = { ...IRIS, path: "/variants/flowers", image: NEXT };
        const moved = { petals, flowers: { ...IRIS, path: "/variants/iris" } };
        await update(["petals", "flowers"], moved, "1");
        await answers("flowers", "2");
      }),
    );
    expect([load.failed, load.result.failed]).toEqual([0, 0]);
    expect(Math.min(load.answered, load.result.answered)).toBeGreaterThan(1000);
    expect(await fleet.objects()).toEqual([
      "deployment/flowers",
      "deployment/petals",
      "ingress/modelfleet",
      "middleware/modelfleet-strip-prefix",
      "secret/flowers-env",
      "secret/modelfleet-registry",
      "secret/petals-env",
      "service/flowers",
      "service/petals",
    ]);
  });
});
