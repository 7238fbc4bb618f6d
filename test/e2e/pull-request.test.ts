import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { ensureTools } from "../../dev/toolchain/ensure";
import { ROOT } from "../../lib/paths";
import { Workspace } from "../support/workspace";

const GITHUB = join(ROOT, "examples", "ci", "github.yaml");
const GITLAB = join(ROOT, "examples", "ci", "gitlab.yaml");

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { name?: string; run?: string }[] }>>;
}

const { jobs } = parse(readFileSync(GITHUB, "utf8")) as Workflow;

/** The command of a step, as it stands in the workflow. */
function commandOf(job: string, name: string): string {
  const run = jobs[job]?.steps.find((step) => step.name === name)?.run;
  if (run === undefined) throw new Error(`no step "${name}" in job ${job}`);
  return run;
}

const PREVIEW = commandOf("preview", "Say what an update would do");
const UPDATE = commandOf("update", "Update");
const DRIFT = commandOf("drift", "Fail if somebody changed the cluster");

test("the workflow for GitHub has no mistake that a linter for workflows finds", async () => {
  const { actionlint } = await ensureTools(["actionlint"]);
  const { exitCode, all } = await execa(actionlint, ["-shellcheck=", "-pyflakes=", "-no-color", GITHUB], {
    reject: false,
    all: true,
  });
  expect(all).toBe("");
  expect(exitCode).toBe(0);
});

test("the jobs for GitLab run the same commands", () => {
  const gitlab = parse(readFileSync(GITLAB, "utf8")) as Record<string, { script: string[] }>;
  expect(gitlab["preview"]?.script).toContain(PREVIEW);
  expect(gitlab["update"]?.script).toContain(UPDATE);
  expect(gitlab["drift"]?.script).toContain(DRIFT);
});

describe("a change in a pull request", () => {
  let checkout: Workspace;

  beforeAll(async () => {
    checkout = await Workspace.create({
      stack: "pulls",
      cluster: inject("simulated"),
      config: {
        namespace: "pulls",
        models: ["iris", "wine"],
        defaults: { image: "registry.example/model:1" },
      },
      env: { STACK: "pulls" },
    });
    await run("git init -q -b main && git config user.email a@example.com && git config user.name a");
    await run("git add Pulumi.pulls.yaml && git commit -qm 'Two models'");
    await run(UPDATE);
  });
  afterAll(() => checkout.remove("pulls"));

  async function run(line: string): Promise<string> {
    const { exitCode, text } = await checkout.shell(line);
    expect(exitCode, text).toBe(0);
    return text;
  }

  test("is a comment that says per model what the update of its merge then does, and drift after it is found", async () => {
    await run("git switch -qc fraud");
    checkout.configure({ models: ["fraud", "iris"], catalog: { iris: { replicas: 2 } } });
    await run("git commit -qam 'Fraud instead of wine'");
    await run(PREVIEW);
    const comment = readFileSync(join(checkout.directory, "diff.md"), "utf8");
    expect(comment).toContain("### Stack pulls: models: 1 deleted, 1 changed, 1 added");
    expect(comment).toMatch(/^- wine: its path \/pulls\/wine goes, 1 pod stops$/m);
    expect(comment).toMatch(/^! iris: replicas 1 -> 2, makes a PodDisruptionBudget$/m);
    expect(comment).toMatch(/^\+ fraud: image registry\.example\/model:1, 1 pod/m);

    await run("git switch -q main && git merge -q fraud");
    await run(UPDATE);
    expect((await checkout.objects()).filter((object) => object.startsWith("deployment/"))).toEqual([
      "deployment/fraud",
      "deployment/iris",
    ]);

    await checkout.kubectl("scale", "deployment/iris", "-n", "pulls", "--replicas=5");
    const { exitCode, text } = await checkout.shell(DRIFT);
    expect(exitCode).toBe(3);
    expect(text).toMatch(/! Deployment iris: spec\.replicas 2 -> 5/);
  });
});
