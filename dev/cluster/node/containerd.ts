import { execa } from "execa";
import { clusterEnvironment, processesOf } from "../processes";

/**
 * Loads OCI archives into the running real node of the cluster in this directory; an image whose name is taken
 * replaces its predecessor for the pods that start from now on. Throws when the node does not run, or with what
 * containerd says about a file.
 */
export async function loadImages(directory: string, tars: readonly string[]): Promise<void> {
  const enter = await enterNode(directory);
  if (!enter) throw new Error(`the cluster in ${directory} has no running node to load images into`);
  for (const tar of tars) {
    // The node does not see the machine's files as they are, so the archive is passed as input.
    await execa("nsenter", [...enter, "ctr", "--namespace", "k8s.io", "images", "import", "-"], {
      extendEnv: false,
      env: clusterEnvironment(directory),
      inputFile: tar,
    });
  }
}

/** Whether the node in this directory holds an image of this name. */
export async function hasImage(directory: string, name: string): Promise<boolean> {
  const enter = await enterNode(directory);
  if (!enter) return false;
  const list = ["ctr", "--namespace", "k8s.io", "images", "list", "--quiet", `name==${name}`];
  const { stdout } = await execa("nsenter", [...enter, ...list], {
    extendEnv: false,
    env: clusterEnvironment(directory),
  });
  return stdout.trim() === name;
}

/** The arguments with which `nsenter` runs a command in the node; undefined while no containerd runs in it. */
export async function enterNode(directory: string): Promise<string[] | undefined> {
  const containerd = (await processesOf(directory)).find(({ name }) => name === "containerd");
  return containerd && ["--target", String(containerd.pid), "--mount", "--pid", "--net"];
}
