import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually } from "../support/traffic";
import { changes, Workspace } from "../support/workspace";

const GPU = "example.com/gpu";

describeReal("models whose pods hold every GPU of the cluster", (cluster) => {
  let fleet: Workspace;
  const models = (version: string, more: object = {}) => ({
    single: { env: { VERSION: version } },
    pair: { replicas: 2, env: { VERSION: version } },
    ...more,
  });
  const configure = (catalog: object) => fleet.configure({ models: Object.keys(catalog), catalog });

  /** Gives the node this many GPUs, as their device plugin would. @see https://kubernetes.io/docs/tasks/administer-cluster/extended-resource-node/ */
  async function provide(gpus: number): Promise<void> {
    const [node = ""] = (await fleet.kubectl("get", "nodes", "-o", "name")).split("\n");
    const patch = JSON.stringify({ status: { capacity: { [GPU]: `${gpus}` } } });
    await fleet.kubectl("patch", node, "--subresource=status", "--type=merge", "--patch", patch);
    const path = "jsonpath={.status.allocatable.example\\.com/gpu}";
    await eventually(async () => expect(await fleet.kubectl("get", node, "-o", path)).toBe(`${gpus}`));
  }

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "gpus",
      cluster,
      config: {
        namespace: "gpus",
        defaults: { ...EXAMPLE_DEFAULTS, resourceProfile: "small", env: { MODEL_NAME: "iris" } },
        ingress: { className: "traefik" },
        resourceProfiles: { small: { limits: { [GPU]: 1 } } },
      },
    });
    await provide(3);
    configure(models("1"));
    await fleet.up();
  });
  afterAll(() => fleet.remove("gpus"));

  test("roll out without a spare one, and the preview says which is away, and for how long", async () => {
    configure(models("2"));
    const away =
      "deployment/single: its pod ends before the new one starts, so the model is away for up to 155 s (drainSeconds and startupSeconds); " +
      "if the cluster has room for one more pod, set spareGpus to true";
    const preview = await fleet.must("preview");
    expect(preview).toContain(away);
    expect(preview).not.toContain("deployment/pair: its pod");
    expect(changes(await fleet.up())).toEqual({ updated: 2 });
    const versions = await fleet.kubectl(
      ...["get", "pods", "-n", "gpus", "--field-selector=status.phase=Running", "-o"],
      'jsonpath={range .items[*]}{.spec.containers[0].env[?(@.name=="VERSION")].value}{end}',
    );
    expect(versions).toMatch(/2{3}$/);
  });

  test("are an error of the preview if no node has as many as a pod needs", async () => {
    configure(models("2", { large: { resourceProfile: "small:4" } }));
    const { exitCode, text } = await fleet.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      `catalog.large: no node of the cluster can run its pods (1 node: 3 of ${GPU}, and a pod needs 4); change what the model asks for`,
    );
  });
});
