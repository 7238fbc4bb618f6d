import { describe, expect, test } from "vitest";
import type { Event, Pod } from "../../../failures/pod";
import { fixOf, reasonOf } from "../../../failures/reason";

type Status = NonNullable<Pod["status"]>;

const container = (state: object, more: object = {}) => ({ containerStatuses: [{ state, ...more }] });
const warning = (reason: string, message: string): Event => ({ type: "Warning", reason, message });

/** A server that runs again, after an end that was no signal's. */
const ended = (exitCode: number, startedAt: string) =>
  container(
    { running: {} },
    { restartCount: 1, lastState: { terminated: { reason: "Completed", exitCode, startedAt } } },
  );
const killing = (lastTimestamp: string, name = "model", probe = "startup"): Event => ({
  ...{ type: "Normal", reason: "Killing", lastTimestamp },
  message: `Container ${name} failed ${probe} probe, will be restarted`,
});

describe("a pod that is not ready", () => {
  test.each<[string, Status, Event[], string, string]>([
    [
      "whose server was ended by its startup probe, and ended in good order",
      ended(0, "2026-11-27T01:00:00Z"),
      [killing("2026-11-27T01:00:10Z"), warning("Unhealthy", "Startup probe failed: statuscode: 404")],
      "Unhealthy: Startup probe failed: statuscode: 404",
      "correct catalog.iris.readiness.path",
    ],
    [
      "whose server ended by itself, after its startup probe had ended an earlier one",
      ended(1, "2026-11-27T01:00:20Z"),
      [killing("2026-11-27T01:00:10Z"), warning("Unhealthy", "Startup probe failed: statuscode: 404")],
      "its container ended with exit code 1 (Completed), restarted once",
      "correct catalog.iris as its log says",
    ],
    [
      "whose server ended by itself, after the startup probe of another container had ended that one",
      ended(0, "2026-11-27T01:00:00Z"),
      [
        killing("2026-11-27T01:00:10Z", "proxy"),
        warning("Unhealthy", "Startup probe failed: statuscode: 404"),
      ],
      "its container ended with exit code 0 (Completed), restarted once",
      "correct catalog.iris as its log says",
    ],
    [
      "whose server was ended by its liveness probe, after which its readiness probe failed too",
      ended(2, "2026-11-27T01:00:00Z"),
      [
        warning("Unhealthy", "Liveness probe failed: dial tcp: i/o timeout"),
        killing("2026-11-27T01:00:10Z", "model", "liveness"),
        warning("Unhealthy", "Readiness probe failed: statuscode: 404"),
      ],
      "Unhealthy: Liveness probe failed: dial tcp: i/o timeout",
      "raise catalog.iris.readiness.timeoutSeconds",
    ],
    [
      "whose server was ended by a probe of which there is no event any more",
      ended(0, "2026-11-27T01:00:00Z"),
      [killing("2026-11-27T01:00:10Z")],
      "Killing: Container model failed startup probe, will be restarted",
      "if the server needs longer, raise catalog.iris.startupSeconds",
    ],
    [
      "whose server could not be started, after its startup probe had ended an earlier one",
      container(
        { running: {} },
        {
          ...{ restartCount: 2 },
          lastState: {
            terminated: { reason: "StartError", exitCode: 128, startedAt: "1970-01-01T00:00:00Z" },
          },
        },
      ),
      [killing("2026-11-27T01:00:10Z")],
      "its container ended with exit code 128 (StartError), restarted 2 times",
      "correct catalog.iris as its log says",
    ],
    [
      "whose sidecar was ended by its startup probe",
      {
        containerStatuses: [{ name: "model", state: { waiting: { reason: "PodInitializing" } } }],
        initContainerStatuses: [
          {
            name: "proxy",
            ...{ state: { waiting: { reason: "CrashLoopBackOff" } }, restartCount: 1 },
            lastState: { terminated: { reason: "Completed", exitCode: 0 } },
          },
        ],
      },
      [
        warning("Unhealthy", "Startup probe failed: connection refused"),
        {
          ...{ type: "Normal", reason: "Killing" },
          message: "Init container proxy failed startup probe",
        },
      ],
      "Unhealthy: Startup probe failed: connection refused",
      "if the server needs longer, raise catalog.iris.startupSeconds; it must listen on catalog.iris.port on every address",
    ],
  ])("%s", (_, status, events, reason, fix) => {
    const found = reasonOf({ metadata: { name: "iris-1" }, status }, events);
    expect(found).toBe(reason);
    expect(fixOf(found, "catalog.iris")).toBe(fix);
  });
});
