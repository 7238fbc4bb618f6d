import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { type Fleet, variantsOf } from "../config/resolve";
import { type Api, type ClusterChoice, connect, NoResponse } from "../kubernetes/api";
import { atMost } from "../lib/at-most";
import { findEvidence } from "./evidence";
import { reportOf } from "./report";

/** How long the API server may take to tell why a Deployment is not ready, in milliseconds: the update waits for it. */
const PATIENCE_MS = 20_000;

const LATE = Symbol("late");

/** How many failures are looked at at the same time: a whole fleet may have the same one. */
const AT_A_TIME = 8;

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
  const limited = atMost(AT_A_TIME);
  // One login for all, which may be a program that the kubeconfig names.
  let api: Api | undefined;
  const found = async (name: string) => {
    api ??= connect(cluster);
    const evidence = await findEvidence(api, { namespace, name }, await secrets);
    return evidence && reportOf({ namespace }, evidence);
  };
  let silent = 0;
  const explain = async (name: string): Promise<string | undefined> => {
    const unknown = (reason: string) =>
      `deployment/${name} is not ready, and its pods cannot be looked at: ${reason}`;
    // A cluster that is gone would hold the end of the update for each of a thousand models.
    if (silent >= AT_A_TIME) return unknown("the cluster does not answer");
    try {
      const late = sleep(PATIENCE_MS, LATE, { ref: false });
      const report = await Promise.race([found(name), late]);
      if (report !== LATE) return report;
      silent += 1;
      return unknown(`no answer in ${PATIENCE_MS / 1000} s`);
    } catch (error) {
      if (error instanceof NoResponse) silent += 1;
      return unknown(error instanceof Error ? error.message : String(error));
    }
  };
  return (name) => limited(() => explain(name));
}
