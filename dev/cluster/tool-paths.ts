/** Absolute paths of the binaries that clusters are made of, by name (`etcd`, `kubelet`, ...). */
export type ToolPaths = Readonly<Record<string, string>>;

/** The path of one binary; throws when the caller did not pass it. */
export function tool(tools: ToolPaths, name: string): string {
  const path = tools[name];
  if (!path) throw new Error(`startCluster needs the path of ${name} in its option "tools"`);
  return path;
}
