import { join } from "node:path";
import { symlinkSync } from "node:fs";
import { PROGRAM, ROOT } from "../../cli/environment";
import type { Bench, Contender } from "../contender";
import { IMAGE, REGISTRY } from "../fleet";
import { PulumiProject } from "../pulumi-project";

/** This program, with the environment that `npm run env` gives. */
export function modelfleet(bench: Bench): Contender {
  return {
    name: "modelfleet",
    async open(directory, namespace) {
      for (const name of PROGRAM) {
        symlinkSync(join(ROOT, name), join(directory, name));
      }
      const project = await PulumiProject.create(bench, directory, "modelfleet", {});
      await project.setSecret("registry.password", REGISTRY.password);
      return {
        prepare: async (models) => {
          const { server, username } = REGISTRY;
          project.configure({
            models,
            namespace,
            defaults: { image: IMAGE },
            registry: { server, username },
          });
        },
        apply: [project.command("up", "--yes", "--skip-preview")],
        check: project.command("preview", "--expect-no-changes"),
      };
    },
  };
}
