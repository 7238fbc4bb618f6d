import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { type Fleet, variantsOf } from "../config/resolve";
import { type ClusterChoice, connect } from "../kubernetes/api";
import { findEvidence } from "./evidence";
import { reportOf } from "./report";

/** How long the API server may take to tell why a Deployment is not ready, in milliseconds: the update waits for it. */
const PATIENCE_MS = 20_000;

/** The fleet whose failures are explained. */
export interface ExplainArgs extends Pick<Fleet<pulumi.Output<string>>, "models" | "registry" | "namespace"> {
  readonly cluster: ClusterChoice;
}

/**
 * Returns a function that explains why a Deployment is not ready: Pulumi's provider tells neither the log of its server,
 * nor what keeps its pods from being created, nor the text of failed probes.
 *
 * @returns The report; undefined if there is nothing to tell. It never throws.
 */
export function explainFailures(fleet: ExplainArgs): (deployment: string) => Promise<string | undefined> {
  const { models, registry, namespace, cluster } = fleet;
  const values = [
    ...models.flatMap(variantsOf).flatMap(({ secretEnv }) => Object.values(secretEnv)),
    ...(registry ? [registry.password] : []),
  ];
  const secrets = new Promise<string[]>((resolve) => {
    // Within this file, they only serve to be hidden.
    pulumi.all(values.map((value) => pulumi.unsecret(value))).apply(resolve);
  });
  return async (name) => {
    const unknown = (reason: string) =>
      `deployment/${name} is not ready, and its pods cannot be looked at: ${reason}`;
    try {
      return await Promise.race([
        explain({ cluster, namespace, name }, await secrets),
        sleep(PATIENCE_MS, unknown(`no answer in ${PATIENCE_MS / 1000} s`), { ref: false }),
      ]);
    } catch (error) {
      return unknown(error instanceof Error ? error.message : String(error));
    }
  };
}

async function explain(
  {
    cluster,
    ...place
  }: { readonly cluster: ClusterChoice; readonly namespace: string; readonly name: string },
  secrets: readonly string[],
): Promise<string | undefined> {
  const evidence = await findEvidence(connect(cluster), place, secrets);
  return evidence && reportOf(place, evidence);
}
