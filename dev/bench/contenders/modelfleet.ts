import { linkProgram } from "../../places";
import type { Bench, Contender } from "../contender";
import { IMAGE, INGRESS, REGISTRY } from "../fleet";
import { PulumiProject } from "../pulumi-project";

/** This program, with the environment that `npm run env` gives. */
export function modelfleet(bench: Bench): Contender {
  return {
    name: "modelfleet",
    async open(directory, namespace) {
      linkProgram(directory);
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
            ingress: INGRESS,
          });
        },
        apply: [project.command("up", "--yes", "--skip-preview")],
        check: project.command("preview", "--expect-no-changes"),
      };
    },
  };
}
