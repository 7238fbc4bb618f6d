import type { Finding, Plan } from "../finding";
import type { Snapshot } from "../snapshot";

/**
 * Refuses another cluster than the setting `clusterId` names, or without it another than that of the stack's last
 * update: there, Pulumi would take every object for unchanged, and nothing would run.
 */
export function anotherCluster(
  { clusterId: named }: Pick<Plan, "clusterId">,
  { clusterId, last, server }: Pick<Snapshot, "clusterId" | "last" | "server">,
): Finding[] {
  const expected = named ?? last.clusterId;
  if (clusterId === undefined || expected === undefined || expected === "any" || expected === clusterId)
    return [];
  const by = named === undefined ? "the last update of this stack went to the cluster" : "the setting has";
  const fix = `choose that cluster (kubernetes:context), or, if the fleet is to be in this one, \`pulumi config set clusterId ${clusterId}\` and \`pulumi up --refresh\``;
  return [
    {
      level: "error",
      text: `clusterId: the cluster at ${server} is ${clusterId}, and ${by} ${expected}; ${fix}`,
    },
  ];
}
