import { linked } from "../../places";
import type { Bench, Contender } from "../contender";
import { IMAGE, REGISTRY } from "../fleet";
import { PulumiProject } from "../pulumi-project";

const PROGRAM = "dev/bench/peers/plain-pulumi";

/** Removes our settings from the environment: Pulumi has its own defaults, and its ts-node runs the program. */
const DEFAULTS = { PULUMI_SKIP_CHECKPOINTS: undefined, PULUMI_CONTINUE_ON_ERROR: undefined };

/** The same fleet as an ordinary Pulumi project. */
export function plainPulumi(bench: Bench): Contender {
  return {
    name: "plain-pulumi",
    async open(directory, namespace) {
      linked(
        [...["index.ts", "package.json", "Pulumi.yaml"].map((name) => `${PROGRAM}/${name}`), "node_modules"],
        directory,
      );
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
