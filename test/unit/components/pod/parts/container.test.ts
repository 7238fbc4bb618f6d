import { expect, test } from "vitest";
import { container } from "../../../../../components/pod/parts/container";
import { probes } from "../../../../../components/pod/parts/probes";
import { modelOf, problems, withImage } from "../../../../support/settings";

const ARGS = { name: "iris", stack: "dev" };
const containerOf = (settings: Record<string, unknown>) => container(modelOf(settings), ARGS).container;

test("command, args and imagePullPolicy are those of the settings, and else the image's and Kubernetes' own", () => {
  const own = { command: ["serve", "--port=$(PORT)"], args: ["a"], imagePullPolicy: "Always" };
  expect(containerOf(own)).toMatchObject(own);
  expect(Object.keys(containerOf({}) ?? {})).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(command|args|imagePullPolicy)$/)]),
  );
});

test("metrics have a port of their own only where they are on another one", () => {
  const http = { name: "http", containerPort: 8080, protocol: "TCP" };
  expect(containerOf({ metrics: {} })?.ports).toEqual([http]);
  expect(containerOf({ metrics: { port: 8080 } })?.ports).toEqual([http]);
  expect(containerOf({ metrics: { port: 9090 } })?.ports).toEqual([
    http,
    { name: "metrics", containerPort: 9090, protocol: "TCP" },
  ]);
});

test("liveness asks whether the port accepts connections, or a path", () => {
  const livenessOf = (liveness: object) => probes(modelOf({ liveness }), ARGS).container?.livenessProbe;
  const times = { periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 12 };
  expect(livenessOf({})).toEqual({ tcpSocket: { port: "http" }, ...times });
  expect(livenessOf({ path: "/live", failureThreshold: 3 })).toEqual({
    httpGet: { path: "/live", port: "http" },
    ...times,
    failureThreshold: 3,
  });
});

test.each([
  [{ command: [] }, "catalog.iris.command: is empty; remove it for the image's own"],
  [
    { command: ["serve", "$(MISSING)"] },
    "catalog.iris.command[1]: refers to $(MISSING), and there is no such variable; set it in env or secrets. To keep the text, write $$(MISSING)",
  ],
  [
    { imagePullPolicy: "always" },
    'catalog.iris.imagePullPolicy: "always" must be one of Always, IfNotPresent, Never',
  ],
  [{ metrics: { prt: 9090 } }, 'catalog.iris.metrics.prt: unknown key; did you mean "port"?'],
])("%j is a problem", (settings, line) => {
  expect(problems(withImage({ catalog: { iris: settings } }))).toEqual([line]);
});
