import { processesOf } from "../processes";

/** The arguments with which `nsenter` runs a command in the node; undefined while no containerd runs in it. */
export async function nsenterArguments(directory: string): Promise<string[] | undefined> {
  const containerd = (await processesOf(directory)).find(({ name }) => name === "containerd");
  return containerd && ["--target", String(containerd.pid), "--mount", "--pid", "--net"];
}
