import { describe, expect, test } from "vitest";
import { fleetOf, modelOf, problems, withImage } from "../../support/settings";

const PROMETHEUS = { prometheusUrl: "http://prometheus:9090" };
const found = (iris: object, scaling: object = {}) => problems(withImage({ scaling, catalog: { iris } }));
const resolved = (iris: object, scaling: object = {}) =>
  fleetOf({ scaling, catalog: { iris } }).models[0]?.autoscaling;

describe("the settings of scaling that cannot work are errors:", () => {
  test.each<[settings: object, text: string, scaling?: object]>([
    [
      { maxReplicas: 5, replicas: 2 },
      "replicas: 2 is set beside maxReplicas, with which an autoscaler decides that; remove it (with null, if defaults set it), or remove maxReplicas",
    ],
    [
      { maxReplicas: 5, minReplicas: 6 },
      "minReplicas: 6 is more than maxReplicas, which is 5; lower it, or raise maxReplicas",
    ],
    [
      { minReplicas: 2 },
      "minReplicas: 2 has no effect without maxReplicas; set maxReplicas, or remove it (with null, if defaults set it)",
    ],
    [
      { scaleMetric: "rps" },
      'scaleMetric: "rps" has no effect without maxReplicas; set maxReplicas, or remove it (with null, if defaults set it)',
    ],
    [
      { maxReplicas: 5, resources: { requests: {} } },
      'scaleMetric: "cpu" is a share of the request, which the pods do not have; set resources.requests.cpu, or another scaleMetric',
    ],
    [
      { maxReplicas: 5, minReplicas: 0 },
      "minReplicas: 0 would last for ever: without pods there is no cpu in use; set 1, or a scaleMetric of scaling.metrics",
    ],
    [
      { maxReplicas: 5, scaleTarget: 0.5 },
      "scaleTarget: 0.5 must be an integer: per cent of the cpu that a pod requests, at most 1000",
    ],
    [
      { maxReplicas: 5, scaleMetric: "queue", scaleTarget: 5 },
      'scaleMetric: "queue" comes from Prometheus, and scaling.prometheusUrl is not set; set it',
    ],
    [
      { maxReplicas: 5, scaleMetric: "queue" },
      "scaleTarget: is missing; give the queue that one pod is to have",
      PROMETHEUS,
    ],
    [
      { maxReplicas: 5, minReplicas: 0, scaleMetric: "queue", scaleTarget: 5 },
      "minReplicas: 0 would last for ever: the pods themselves report queue, and without pods nobody does; set 1, or scaling.metrics.queue to a metric of what leads requests to the model",
      PROMETHEUS,
    ],
    [
      { maxReplicas: 5, scaleMetric: "rsp", scaleTarget: 5 },
      'scaleMetric: "rsp" is no metric; did you mean "rps"?',
    ],
    [
      { maxReplicas: 5, scaleMetric: "tokens", scaleTarget: 5 },
      'scaleMetric: "tokens" is no metric; set scaling.metrics.tokens, or one of cpu, memory, concurrency, queue, rps',
    ],
  ])("%j", (settings, text, scaling) => {
    expect(found(settings, scaling)).toEqual([`catalog.iris.${text}`]);
  });

  test("a metric cannot have the name of another source", () => {
    expect(found({}, { metrics: { cpu: "up" } })).toEqual([
      'scaling.metrics.cpu: the name "cpu" is not the name of a metric, or is "cpu" or "memory"',
    ]);
  });
});

describe("a model is scaled", () => {
  test("by 80 % of its CPU, between 1 pod and maxReplicas, unless the settings say otherwise", () => {
    expect(resolved({ maxReplicas: 5 })).toEqual({
      ...{ min: 1, max: 5, downDelaySeconds: 300 },
      metric: { by: "resource", name: "cpu", percent: 80 },
    });
    expect(modelOf({ maxReplicas: 5 }).replicas).toBeUndefined();
  });

  test("by a query for its own pods", () => {
    const own = 'sum(rate(requests{service="{namespace}-{deployment}",model="{id}"}[1m]))';
    const iris = {
      minReplicas: 0,
      maxReplicas: 3,
      scaleMetric: "sent",
      scaleTarget: 2,
      scaleDownDelaySeconds: 60,
    };
    expect(resolved(iris, { ...PROMETHEUS, metrics: { sent: own } })).toEqual({
      ...{ min: 0, max: 3, downDelaySeconds: 60 },
      metric: {
        ...{ by: "prometheus", url: "http://prometheus:9090", target: 2 },
        query: 'sum(rate(requests{service="models-iris",model="iris"}[1m]))',
      },
    });
  });

  test("by what its server reports of its pods", () => {
    const metric = resolved(
      { maxReplicas: 3, scaleMetric: "concurrency", scaleTarget: 2 },
      PROMETHEUS,
    )?.metric;
    expect(metric).toMatchObject({
      query:
        'sum({__name__=~"vllm:num_requests_running|sglang:num_running_reqs|llamacpp:requests_processing",namespace="models",pod=~"iris-[a-z0-9]+-[a-z0-9]{5}"})',
    });
  });

  test("by an external metric, to no pod too", () => {
    const metrics = { jobs: { external: "queue_length", selector: { queue: "iris" } } };
    const iris = { minReplicas: 0, maxReplicas: 3, scaleMetric: "jobs", scaleTarget: 2 };
    expect(resolved(iris, { metrics })?.metric).toEqual({
      ...{ by: "external", name: "queue_length", selector: { queue: "iris" }, target: 2 },
    });
  });

  test("in one variant, while another one has a fixed number of pods", () => {
    const variants = { a: { maxReplicas: 4 }, b: { replicas: 2 } };
    const model = modelOf({ champion: "a", variants });
    expect(model.autoscaling?.max).toBe(4);
    expect(model.challengers[0]).toMatchObject({ replicas: 2, autoscaling: undefined, saysReplicas: true });
  });
});
