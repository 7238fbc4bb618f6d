import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ensureTools } from "../../dev/toolchain/ensure";
import { exampleConfig } from "../support/examples";
import { changes, Workspace } from "../support/workspace";

const cluster = inject("simulated");
const { catalog: example, ...shared } = exampleConfig<{ catalog: Record<string, object> }>("scaling");

/** Settings of a model between 2 and 20 pods. */
const SCALED = { minReplicas: 2, maxReplicas: 20 };
/** The same by a metric of Prometheus. */
const BY_QUEUE = { ...SCALED, scaleMetric: "queue", scaleTarget: 5 };

describe("the pods of a model that an autoscaler scales", () => {
  let fleet: Workspace;
  /** Every number of pods that each Deployment was to have, in the order in which they were set. */
  let seen: Map<string, number[]>;
  let watch: ChildProcess;

  const kubectl = (...args: readonly string[]) => fleet.kubectl("-n", "scaling", ...args);
  const scale = (name: string, pods: number) => kubectl("scale", `deployment/${name}`, `--replicas=${pods}`);
  const podsOf = async () => {
    const all = await kubectl(
      "get",
      "deployments",
      "-o",
      "jsonpath={range .items[*]}{.metadata.name}={.spec.replicas} {end}",
    );
    return Object.fromEntries(
      all
        .trim()
        .split(" ")
        .map((one) => one.split("=")),
    ) as Record<string, string>;
  };
  const scalers = async () =>
    (await kubectl("get", "horizontalpodautoscalers,scaledobjects", "-o", "name")).split("\n").sort();
  /** What a Deployment was to have from this number of pods on, without repetitions. */
  const setSince = (name: string, first: number) => {
    const all = seen.get(name) ?? [];
    return all.slice(all.indexOf(first)).filter((pods, index, since) => pods !== since[index - 1]);
  };
  const catalog = (models: Record<string, object>) =>
    fleet.configure({ models: Object.keys(models), catalog: models });

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "scaling",
      cluster,
      config: {
        ...{ ...shared, namespace: "scaling", ingress: { className: "nginx" } },
        defaults: { image: "registry.example/model:1" },
        // Hardware that the tests' nodes have.
        resourceProfiles: { l4: { requests: { cpu: "100m" } } },
      },
    });
    const { keda } = await ensureTools(["keda"]);
    await fleet.kubectl("apply", "--server-side", "--force-conflicts", "--filename", keda);
    catalog({ ...example, on: { replicas: 10 }, both: SCALED, keda: BY_QUEUE, off: SCALED, switch: SCALED });
    await fleet.up();
    seen = new Map();
    const line = 'jsonpath={.metadata.name} {.spec.replicas}{"\\n"}';
    watch = spawn("kubectl", ["-n", "scaling", "get", "deployments", "--watch", "-o", line], {
      cwd: fleet.directory,
      env: { ...process.env, ...fleet.env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    watch.stdout?.setEncoding("utf8").on("data", (text: string) => {
      for (const [, name = "", pods] of text.matchAll(/^(\S+) (\d+)$/gm))
        seen.set(name, [...(seen.get(name) ?? []), Number(pods)]);
    });
  });
  afterAll(async () => {
    watch.kill();
    await fleet.remove("scaling");
  });

  test("stay as many while autoscaling is turned on and off, and in every update", async () => {
    expect(await scalers()).toEqual([
      ...["both", "churn", "off", "switch"].map((name) => `horizontalpodautoscaler.autoscaling/${name}`),
      ...["keda", "llama"].map((name) => `scaledobject.keda.sh/${name}`),
    ]);
    for (const [name, pods] of [
      ["both", 7],
      ["keda", 6],
      ["off", 9],
      ["switch", 8],
    ] as const)
      await scale(name, pods);
    catalog({
      ...{ on: SCALED, both: { ...SCALED, env: { A: "1" } }, keda: { ...BY_QUEUE, env: { A: "1" } } },
      ...{ off: { replicas: 4 }, switch: BY_QUEUE },
    });
    await fleet.up();

    expect(await podsOf()).toEqual({ on: "10", both: "7", keda: "6", off: "4", switch: "8" });
    expect(setSince("on", 10)).toEqual([10]);
    expect(setSince("off", 9)).toEqual([9, 4]);
    expect(await scalers()).toEqual([
      ...["both", "on"].map((name) => `horizontalpodautoscaler.autoscaling/${name}`),
      ...["keda", "switch"].map((name) => `scaledobject.keda.sh/${name}`),
    ]);
  });

  test("stay as many by `pulumi up --refresh`, and without a state, while something else scales them", async () => {
    await scale("on", 12);
    await scale("keda", 5);
    expect(changes(await fleet.up("--refresh"))).toEqual({});
    await scale("both", 3);
    fleet.writeState(emptied(fleet.state()));
    await fleet.up();
    expect(await podsOf()).toEqual({ on: "12", both: "3", keda: "5", off: "4", switch: "8" });
    expect(setSince("on", 12)).toEqual([12]);
    expect(setSince("both", 7)).toEqual([7, 3]);
  });

  test("are an error of the preview if the default of replicas would end some", async () => {
    catalog({ on: {}, both: SCALED, keda: BY_QUEUE, off: { replicas: 4 }, switch: BY_QUEUE });
    const { exitCode, text } = await fleet.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      'model "on": has 12 pods by its autoscaler, which the settings lack now, and would have 1, the default of replicas; set replicas, such as to 12, to say how many stay',
    );
  });
});

/** A state without resources. */
function emptied(text: string): string {
  const state = JSON.parse(text) as { checkpoint: { latest: { resources?: unknown } } };
  delete state.checkpoint.latest.resources;
  return JSON.stringify(state);
}
