import { describe, expect, test } from "vitest";
import type { Event, Pod } from "../../../failures/pod";
import { fixOf, reasonOf, refusalOf } from "../../../failures/reason";

type Status = NonNullable<Pod["status"]>;

const podWith = (status: Status): Pod => ({ metadata: { name: "iris-1" }, status });
const container = (state: object, more: object = {}) => ({ containerStatuses: [{ state, ...more }] });
const warning = (reason: string, message: string): Event => ({ type: "Warning", reason, message });

const BEGINNING = container({ waiting: { reason: "ContainerCreating" } });
const REFUSED = { type: "ReplicaFailure", status: "True", reason: "FailedCreate" };

describe("a pod that is not ready", () => {
  test.each<[string, Status, Event[], string, string]>([
    [
      "whose image is not there",
      container({ waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "a/b:1"' } }),
      [],
      'ImagePullBackOff: Back-off pulling image "a/b:1"',
      "correct catalog.iris.image",
    ],
    [
      "whose image needs credentials",
      container({ waiting: { reason: "ErrImagePull", message: "401 Unauthorized" } }),
      [],
      "ErrImagePull: 401 Unauthorized",
      "set `registry`, or correct catalog.iris.image",
    ],
    [
      "whose image runs as root",
      container({
        waiting: {
          reason: "CreateContainerConfigError",
          message: "container has runAsNonRoot and image will run as root",
        },
      }),
      [],
      "CreateContainerConfigError: container has runAsNonRoot and image will run as root",
      "set catalog.iris.runAsUser to a user ID other than 0, or catalog.iris.podSecurity to baseline",
    ],
    [
      "whose init container ends",
      {
        containerStatuses: [{ name: "model", state: { waiting: { reason: "PodInitializing" } } }],
        initContainerStatuses: [
          { name: "proxy", state: { running: {} } },
          {
            name: "fetch",
            ...{ state: { waiting: { reason: "CrashLoopBackOff" } }, restartCount: 1 },
            lastState: { terminated: { reason: "Error", exitCode: 3 } },
          },
        ],
      },
      [],
      "its container fetch ended with exit code 3 (Error), restarted once",
      "correct catalog.iris as its log says",
    ],
    [
      "whose init container still runs",
      {
        containerStatuses: [{ name: "model", state: { waiting: { reason: "PodInitializing" } } }],
        initContainerStatuses: [{ name: "fetch", state: { running: {} } }],
      },
      [warning("MissingClusterDNS", "no DNS")],
      "its container fetch has not ended yet, and the server waits for it",
      "if it needs longer, as for a large download, raise catalog.iris.startupSeconds",
    ],
    [
      "whose sidecar has no image",
      {
        containerStatuses: [{ name: "model", state: { waiting: { reason: "PodInitializing" } } }],
        initContainerStatuses: [
          { name: "proxy", state: { waiting: { reason: "ErrImagePull", message: "no" } } },
        ],
      },
      [],
      "ErrImagePull: no (container proxy)",
      "correct catalog.iris.image",
    ],
    [
      "whose server ends",
      container(
        { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
        { restartCount: 2, lastState: { terminated: { reason: "Error", exitCode: 1 } } },
      ),
      [warning("BackOff", "Back-off restarting failed container")],
      "its container ended with exit code 1 (Error), restarted 2 times",
      "correct catalog.iris as its log says",
    ],
    [
      "whose server needs too much memory",
      container(
        { running: {} },
        { restartCount: 1, lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } } },
      ),
      [warning("Unhealthy", "Startup probe failed: connection refused")],
      "its container ended with exit code 137 (OOMKilled), restarted once",
      "raise catalog.iris.resources.limits.memory",
    ],
    [
      "whose server was ended by its startup probe",
      container(
        { running: {} },
        { restartCount: 1, lastState: { terminated: { reason: "Error", exitCode: 137 } } },
      ),
      [warning("Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 404")],
      "Unhealthy: Startup probe failed: HTTP probe failed with statuscode: 404",
      "correct catalog.iris.readiness.path",
    ],
    [
      "whose server does not listen",
      container({ running: {} }),
      [
        warning(
          "Unhealthy",
          'Startup probe failed: Get "http://10.1.2.3:8080/": dial tcp: connect: connection refused',
        ),
      ],
      'Unhealthy: Startup probe failed: Get "http://10.1.2.3:8080/": dial tcp: connect: connection refused',
      "if the server needs longer, raise catalog.iris.startupSeconds; it must listen on catalog.iris.port on every address",
    ],
    [
      "whose server answers too late",
      container({ running: {} }),
      [warning("Unhealthy", "Readiness probe failed: context deadline exceeded")],
      "Unhealthy: Readiness probe failed: context deadline exceeded",
      "raise catalog.iris.readiness.timeoutSeconds",
    ],
    [
      "for which no node has room",
      {
        conditions: [
          {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/1 nodes are available: 1 Insufficient cpu.",
          },
        ],
      },
      [],
      "Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.",
      "lower catalog.iris.resources.requests, or add nodes",
    ],
    [
      "for which the node makes no sandbox",
      BEGINNING,
      [warning("FailedCreatePodSandBox", "no network"), { type: "Normal", reason: "Pulled", message: "x" }],
      "FailedCreatePodSandBox: no network",
      "ask who runs the cluster: the node cannot start the pod",
    ],
    [
      "that is still starting",
      BEGINNING,
      [],
      "it has not become ready, and Kubernetes gives no reason",
      "if the server needs longer, raise catalog.iris.startupSeconds",
    ],
  ])("%s", (_what, status, events, reason, fix) => {
    expect(reasonOf(podWith(status), events)).toBe(reason);
    expect(fixOf(reason, "catalog.iris")).toBe(fix);
  });
});

describe("pods that the API server refuses", () => {
  test.each([
    [
      "exceeded quota: compute, requested: limits.memory=1Gi",
      "lower catalog.iris.resources, or ask for a larger quota",
    ],
    [
      "maximum memory usage per Container is 1Gi, but limit is 2Gi",
      "set catalog.iris.resources to what the LimitRange allows",
    ],
    ['denied request: policy "no-latest"', "change the setting that it names, or ask who made that rule"],
  ])("%s", (message, fix) => {
    const refusal = refusalOf([
      { type: "Available", status: "False" },
      { ...REFUSED, message },
    ]);
    expect(refusal).toBe(`the API server refuses its pods: FailedCreate: ${message}`);
    expect(fixOf(refusal ?? "", "catalog.iris")).toBe(fix);
  });

  test("are there without such a condition", () => {
    expect(refusalOf([{ ...REFUSED, status: "False" }])).toBeUndefined();
  });
});
