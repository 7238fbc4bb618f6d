import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyAnnotations, fleetLabels } from "../../../fleet/owner";
import type { Workspace } from "../workspace";

/** Makes objects of other owners in the fleet's namespace: a team's own, and those of another stack. */
export async function createOthers(fleet: Workspace, namespace: string): Promise<void> {
  const team = { name: "team-b", labels: { app: "team-b" } };
  const stack = {
    name: "theirs-env",
    labels: fleetLabels("theirs", "other"),
    annotations: applyAnnotations("other"),
  };
  const container = { name: "team-b", image: "registry.example/team-b:1" };
  const items = [
    // Without a pod, so that no controller changes it.
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: team,
      spec: {
        replicas: 0,
        selector: { matchLabels: team.labels },
        template: { metadata: { labels: team.labels }, spec: { containers: [container] } },
      },
    },
    { apiVersion: "v1", kind: "Service", metadata: team, spec: { ports: [{ port: 80 }] } },
    { apiVersion: "v1", kind: "Secret", metadata: team },
    { apiVersion: "v1", kind: "Secret", metadata: stack },
    { apiVersion: "v1", kind: "ConfigMap", metadata: team },
  ];
  const file = join(fleet.directory, "others.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await fleet.kubectl("apply", "-n", namespace, "-f", file);
}
