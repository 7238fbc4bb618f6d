import { execa } from "execa";
import { clusterEnvironment } from "../processes";
import { nsenterArguments } from "./namespaces";

/**
 * Loads OCI archives into the running real node of the cluster in this directory. An image replaces an earlier one of
 * the same name for pods that start from now on. Throws when the node is not running, and containerd's error.
 */
export async function loadImages(directory: string, tars: readonly string[]): Promise<void> {
  const enter = await nsenterArguments(directory);
  if (!enter) throw new Error(`the cluster in ${directory} has no running node to load images into`);
  for (const tar of tars) {
    // The node has its own mounts and may not see the archive's path, so the archive is the standard input.
    await execa("nsenter", [...enter, "ctr", "--namespace", "k8s.io", "images", "import", "-"], {
      extendEnv: false,
      env: clusterEnvironment(directory),
      inputFile: tar,
    });
  }
}

/** Whether the node in this directory has an image of this name. */
export async function hasImage(directory: string, name: string): Promise<boolean> {
  const enter = await nsenterArguments(directory);
  if (!enter) return false;
  const list = ["ctr", "--namespace", "k8s.io", "images", "list", "--quiet", `name==${name}`];
  const { stdout } = await execa("nsenter", [...enter, ...list], {
    extendEnv: false,
    env: clusterEnvironment(directory),
  });
  return stdout.trim() === name;
}
