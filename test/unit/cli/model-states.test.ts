import { expect, test } from "vitest";
import { addUp } from "../../../cli/model-states";

function deployment(
  model: string,
  replicas: number | undefined,
  readyReplicas: number | undefined,
  variant?: string,
  port: number | string = "http",
) {
  const path = `/${model}${variant === undefined ? "" : `/${variant}`}`;
  const template = { spec: { containers: [{ readinessProbe: { httpGet: { path, port } } }] } };
  return {
    metadata: {
      labels: { "app.kubernetes.io/name": model, ...(variant && { "modelfleet.dev/variant": variant }) },
    },
    spec: replicas === undefined ? { template } : { replicas, template },
    status: readyReplicas === undefined ? {} : { readyReplicas },
  };
}

test("addUp adds up the variants of a model, with Kubernetes' defaults for missing fields", () => {
  const counts = addUp(
    [
      deployment("iris", 3, 3),
      deployment("iris", 1, undefined, "b"),
      deployment("wine", 1, 1),
      deployment("wine", 1, 1, "b"),
      deployment("paused", 0, undefined),
      deployment("plain", undefined, 1),
      deployment("admin", 1, 1, undefined, 8081),
    ],
    { wine: "b" },
  );
  expect(Object.fromEntries(counts)).toEqual({
    iris: { ready: 3, replicas: 4, readinessPath: "/iris" },
    wine: { ready: 2, replicas: 2, readinessPath: "/wine/b" },
    paused: { ready: 0, replicas: 0, readinessPath: "/paused" },
    plain: { ready: 1, replicas: 1, readinessPath: "/plain" },
    admin: { ready: 1, replicas: 1, readinessPath: undefined },
  });
});
