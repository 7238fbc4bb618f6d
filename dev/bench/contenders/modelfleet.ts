import { join } from "node:path";
import { ROOT } from "../../../lib/paths";
import { linkProgram } from "../../places";
import type { Bench, Command, Contender } from "../contender";
import { BENCH_STACK, IMAGE, INGRESS, REGISTRY } from "../fleet";
import { PulumiProject } from "../pulumi-project";

/** This program, with the environment that `npm run env` gives. */
export function modelfleet(bench: Bench): Contender {
  return {
    name: "modelfleet",
    open: async (directory, namespace) => {
      const { project, prepare } = await projectOfFleet(bench, directory, namespace);
      return { prepare, apply: [up(project)], check: check(project) };
    },
  };
}

/** The same, with the commands that look only at the models that have changed: `modelfleet deploy` and `modelfleet diff`. */
export function modelfleetVerbs(bench: Bench): Contender {
  return {
    name: "verbs",
    open: async (directory, namespace) => {
      const { project, prepare } = await projectOfFleet(bench, directory, namespace);
      const session = {
        apply: [up(project)],
        check: verb(project, "diff"),
        prepare: async (models: readonly string[], fresh: readonly string[]) => {
          if (models.length === fresh.length) return prepare(models);
          // The verb itself writes the new models to the settings.
          session.apply = [verb(project, "deploy", ...fresh, "--yes")];
        },
      };
      return session;
    },
  };
}

/** A command of modelfleet to measure. */
export function verb(project: PulumiProject, ...args: readonly string[]): Command {
  return {
    ...project.command(),
    ...{ file: process.execPath, args: [join(ROOT, "cli", "run.mjs"), ...args, "--stack", BENCH_STACK] },
  };
}

/** The update of the whole fleet. */
export const up = (project: PulumiProject): Command => project.command("up", "--yes", "--skip-preview");

/** A preview of it that changes nothing. */
export const check = (project: PulumiProject): Command => project.command("preview", "--expect-no-changes");

/** A project of the fleet, and what writes its list of models. */
export async function projectOfFleet(
  bench: Bench,
  directory: string,
  namespace: string,
): Promise<{
  readonly project: PulumiProject;
  readonly prepare: (models: readonly string[]) => Promise<void>;
}> {
  linkProgram(directory);
  const project = await PulumiProject.create(bench, directory, "modelfleet", {});
  await project.setSecret("registry.password", REGISTRY.password);
  const { server, username } = REGISTRY;
  return {
    project,
    prepare: async (models) => {
      project.configure({
        models,
        namespace,
        defaults: { image: IMAGE },
        registry: { server, username },
        ingress: INGRESS,
      });
      return Promise.resolve();
    },
  };
}
