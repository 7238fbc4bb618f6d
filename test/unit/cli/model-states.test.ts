import { expect, test } from "vitest";
import { addUp } from "../../../cli/model-states";

function deployment(model: string, replicas: number | undefined, readyReplicas: number | undefined) {
  const template = { spec: { containers: [{ readinessProbe: { httpGet: { path: `/${model}` } } }] } };
  return {
    metadata: { labels: { "app.kubernetes.io/name": model } },
    spec: replicas === undefined ? { template } : { replicas, template },
    status: readyReplicas === undefined ? {} : { readyReplicas },
  };
}

test("addUp adds up the variants of a model, with Kubernetes' defaults for missing fields", () => {
  const counts = addUp([
    deployment("iris", 3, 3),
    deployment("iris", 1, undefined),
    deployment("paused", 0, undefined),
    deployment("plain", undefined, 1),
  ]);
  expect(Object.fromEntries(counts)).toEqual({
    iris: { ready: 3, replicas: 4, readinessPath: "/iris" },
    paused: { ready: 0, replicas: 0, readinessPath: "/paused" },
    plain: { ready: 1, replicas: 1, readinessPath: "/plain" },
  });
});
