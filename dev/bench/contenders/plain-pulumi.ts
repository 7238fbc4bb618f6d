import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../lib/paths";
import type { Bench, Contender } from "../contender";
import { IMAGE, REGISTRY } from "../fleet";
import { PulumiProject } from "../pulumi-project";

/** Removes our settings from the environment: Pulumi has its own defaults, and its ts-node runs the program. */
const DEFAULTS = { PULUMI_SKIP_CHECKPOINTS: undefined, PULUMI_CONTINUE_ON_ERROR: undefined };

/** The same fleet as an ordinary Pulumi project. */
export function plainPulumi(bench: Bench): Contender {
  const program = join(ROOT, "dev", "bench", "peers", "plain-pulumi");
  return {
    name: "plain-pulumi",
    async open(directory, namespace) {
      for (const name of ["index.ts", "package.json", "Pulumi.yaml"]) {
        symlinkSync(join(program, name), join(directory, name));
      }
      symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
      const project = await PulumiProject.create(bench, directory, "plain-fleet", DEFAULTS);
      await project.setSecret("registry.password", REGISTRY.password);
      return {
        prepare: async (models) => {
          const { server, username } = REGISTRY;
          project.configure({ models, namespace, image: IMAGE, registry: { server, username } });
        },
        apply: [project.command("up", "--yes", "--skip-preview")],
        check: project.command("preview", "--expect-no-changes"),
      };
    },
  };
}
