import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../lib/paths";
import { describeReal, EXAMPLE_DEFAULTS, NO_IMAGE } from "../support/clusters";
import { Workspace } from "../support/workspace";

describeReal("modelfleet status and logs", (cluster) => {
  let fleet: Workspace;
  const run = (args: string) => fleet.modelfleet([...args.split(" "), "--stack", "status"]);

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "status",
      cluster,
      config: {
        namespace: "status",
        models: ["iris", "broken"],
        defaults: EXAMPLE_DEFAULTS,
        catalog: { broken: { image: NO_IMAGE, startupSeconds: 5 } },
        ingress: { className: "traefik" },
      },
    });
    expect((await fleet.pulumi("up", "--yes", "--skip-preview")).exitCode).not.toBe(0);
  });
  afterAll(() => fleet.remove("status"));

  test("show each model in a row, and below why one is not ready and what to do", async () => {
    const urls = await fleet.output<Record<string, string>>("urls");
    const { exitCode, stdout, text } = await run("status");
    expect(exitCode, text).toBe(0);
    const [head, broken, iris, empty, why, ...more] = stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(head).toEqual(["MODEL", "READY", "IMAGE", "AGE", "SINCE", "ROUTE"]);
    const age = expect.stringMatching(/^\d+[sm]$/);
    expect(broken).toEqual(["broken", "0/1", NO_IMAGE, age, age, urls["broken"]]);
    expect(iris).toEqual(["iris", "1/1", EXAMPLE_DEFAULTS.image, age, age, urls["iris"]]);
    expect([empty, more]).toEqual([[""], []]);
    expect(why?.join("  ")).toMatch(
      /^model "broken" is not ready; nothing of it serves: pod broken-\S+: (ErrImagePull|ImagePullBackOff): .*; fix: correct catalog\.broken\.image, and run `pulumi up` again$/,
    );
  });

  test("show one model with its pods, for a program to read", async () => {
    await fleet.kubectl("delete", "ingress", "modelfleet", "--namespace", "status");
    const { models } = JSON.parse((await run("status iris --json")).stdout) as { models: object[] };
    expect(models).toEqual([
      expect.objectContaining({
        ...{ id: "iris", state: "ready", ready: 1, replicas: 1, routed: false, inLastUpdate: true },
        pods: [expect.objectContaining({ ready: true, restarts: 0, node: expect.any(String) })],
        problems: [
          {
            problem:
              'model "iris" has no route: no Ingress and no HTTPRoute of stack "status" leads to Service "iris"',
            fix: "`pulumi up --refresh` restores it",
          },
        ],
      }),
    ]);
  });

  test("print the log of a model, and go on with it until Ctrl-C", async () => {
    const { stdout } = await run("logs iris");
    expect(stdout).not.toBe("");
    // The kubelet's probes add lines meanwhile.
    const later = await fleet.kubectl("logs", "deployment/iris", "--namespace", "status");
    expect(later.slice(0, stdout.length)).toBe(stdout);
    const args = [`${ROOT}/cli/run.mjs`, "logs", "iris", "-f", "--stack", "status"];
    const following = execa("node", args, { cwd: fleet.directory, env: fleet.env, reject: false });
    const first = await new Promise((resolve) => following.stdout.once("data", resolve));
    following.kill("SIGINT");
    expect(String(first).split("\n")[0]).toBe(stdout.split("\n")[0]);
    expect((await following).signal).toBe("SIGINT");
  });
});
