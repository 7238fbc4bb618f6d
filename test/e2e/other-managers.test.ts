import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually } from "../support/traffic";
import { changes, Workspace } from "../support/workspace";

describeReal("what other field managers set", (cluster) => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "managers",
      cluster,
      config: {
        namespace: "managers",
        models: ["iris", "wine"],
        defaults: EXAMPLE_DEFAULTS,
        ingress: { className: "traefik" },
        routing: { pathPrefix: "/managers" },
      },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove("managers"));
  const kubectl = (...args: readonly string[]) => fleet.kubectl("-n", "managers", ...args);
  const patch = (kind: string, name: string, operations: object[]) =>
    ["patch", kind, name, "--type", "json", "-p", JSON.stringify(operations)] as const;
  const look = (object: string, path: string) => kubectl("get", object, "-o", `jsonpath=${path}`);
  const revision = (name: string) =>
    look(`deployment/${name}`, "{.metadata.annotations.deployment\\.kubernetes\\.io/revision}");

  interface Foreign {
    readonly what: string;
    /** The arguments of `kubectl` that set the field. */
    readonly by: readonly string[];
    /** The preview's words about it. */
    readonly shown: RegExp;
    /** The field to read, and its value after the update. */
    readonly look: readonly [object: string, jsonpath: string];
    readonly expected: string;
  }

  /** Raises the requests of the Deployment wine, as an admission policy with a floor does. */
  const policy = (verb: "apply" | "delete") => {
    const rules = [
      { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["deployments"] },
    ];
    const path = "/spec/template/spec/containers/0/resources/requests/cpu";
    const expression = `[JSONPatch{op: "replace", path: "${path}", value: "30m"}]`;
    const object = (kind: string, spec: object) => {
      const metadata = { name: "managers-floor" };
      return { apiVersion: "admissionregistration.k8s.io/v1", kind, metadata, spec };
    };
    const items = [
      object("MutatingAdmissionPolicy", {
        reinvocationPolicy: "Never",
        matchConstraints: {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "managers" } },
          resourceRules: rules,
        },
        matchConditions: [{ name: "wine", expression: "object.metadata.name == 'wine'" }],
        mutations: [{ patchType: "JSONPatch", jsonPatch: { expression } }],
      }),
      object("MutatingAdmissionPolicyBinding", { policyName: "managers-floor" }),
    ];
    const file = join(fleet.directory, "policy.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    return fleet.kubectl(verb, "-f", file);
  };

  const CONTAINER = "/spec/template/spec/containers/0";
  const SPREAD = "/spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable";
  // Server-side apply merges these lists by key, so it would leave the others' entries beside the fleet's or refuse both.
  // By several managers, because the provider takes fields over from kubectl only.
  const MERGED: readonly Foreign[] = [
    {
      what: "another port of a Service, set by kubectl",
      by: patch("service", "wine", [{ op: "replace", path: "/spec/ports/0/port", value: 8080 }]),
      shown: /service\/wine: kubectl-patch set spec\.ports\[8080\/TCP\]/,
      look: ["service/wine", "{.spec.ports[*].port}"],
      expected: "80",
    },
    {
      what: "a second port of a Service, set by another program",
      by: [
        ...patch("service", "iris", [{ op: "add", path: "/spec/ports/-", value: { name: "x", port: 81 } }]),
        "--field-manager=dashboard",
      ],
      shown: /service\/iris: dashboard set spec\.ports\[81\/TCP\]/,
      look: ["service/iris", "{.spec.ports[*].port}"],
      expected: "80",
    },
    {
      what: "a paused Deployment",
      by: ["rollout", "pause", "deployment/wine"],
      shown: /deployment\/wine: .*kubectl-rollout set spec\.paused/,
      look: ["deployment/wine", "{.spec.paused}"],
      expected: "",
    },
    {
      what: "another port of a container",
      by: patch("deployment", "wine", [
        { op: "replace", path: `${CONTAINER}/ports/0/containerPort`, value: 9999 },
      ]),
      shown: /containers\[model\]\.ports\[9999\/TCP\]/,
      look: ["deployment/wine", "{.spec.template.spec.containers[*].ports[*].containerPort}"],
      expected: "8080",
    },
    {
      what: "an added and a removed variable",
      by: [
        ...patch("deployment", "wine", [
          { op: "remove", path: `${CONTAINER}/env/1` },
          { op: "add", path: `${CONTAINER}/env/0`, value: { name: "DEBUG", value: "1" } },
        ]),
        "--field-manager=dashboard",
      ],
      shown: /dashboard set .*containers\[model\]\.env\[DEBUG\]/,
      look: ["deployment/wine", "{.spec.template.spec.containers[*].env[*].name}"],
      expected: "HOME MODEL_NAME PORT",
    },
    {
      what: "another kind of probe",
      by: patch("deployment", "wine", [
        { op: "remove", path: `${CONTAINER}/readinessProbe/httpGet` },
        { op: "add", path: `${CONTAINER}/readinessProbe/tcpSocket`, value: { port: "http" } },
      ]),
      shown: /containers\[model\]\.readinessProbe\.tcpSocket/,
      look: ["deployment/wine", "{.spec.template.spec.containers[0].readinessProbe.tcpSocket}"],
      expected: "",
    },
    {
      what: "another spread constraint",
      by: [
        ...patch("deployment", "wine", [{ op: "replace", path: SPREAD, value: "DoNotSchedule" }]),
        "--field-manager=scheduler",
      ],
      shown: /topologySpreadConstraints\[kubernetes\.io\/hostname\/DoNotSchedule\]/,
      look: ["deployment/wine", "{.spec.template.spec.topologySpreadConstraints[*].whenUnsatisfiable}"],
      expected: "ScheduleAnyway",
    },
    {
      what: "a path that was added to the Ingress",
      by: patch("ingress", "modelfleet", [
        { op: "copy", from: "/spec/rules/0/http/paths/0", path: "/spec/rules/0/http/paths/-" },
        { op: "replace", path: "/spec/rules/0/http/paths/2/path", value: "/extra" },
      ]),
      shown: /ingress\/modelfleet: kubectl-patch set spec\.rules/,
      look: ["ingress/modelfleet", "{.spec.rules[0].http.paths[*].path}"],
      expected: "/managers/iris /managers/wine",
    },
  ];
  // What others set elsewhere. The provider would remove all that kubectl set, and no preview would say so.
  const KEPT: readonly Omit<Foreign, "shown">[] = [
    {
      what: "a label of a Service",
      by: ["label", "service/wine", "cost-centre=42"],
      look: ["service/wine", "{.metadata.labels.cost-centre}"],
      expected: "42",
    },
    {
      what: "a toleration of the pods",
      by: patch("deployment", "wine", [
        { op: "add", path: "/spec/template/spec/tolerations", value: [{ key: "gpu", operator: "Exists" }] },
      ]),
      look: ["deployment/wine", "{.spec.template.spec.tolerations[0].key}"],
      expected: "gpu",
    },
  ];
  describe("in lists that Kubernetes merges by key", () => {
    let preview: string;
    beforeAll(async () => {
      for (const { by } of [...MERGED, ...KEPT]) await kubectl(...by);
      preview = await fleet.must("preview");
      expect(changes(preview)).toEqual({ update: 4 });
      expect(changes(await fleet.up())).toEqual({ updated: 4 });
    });
    test.each(MERGED)("is shown by a preview and undone without --refresh: $what", async (drift) => {
      expect(preview).toMatch(drift.shown);
      expect(await look(...drift.look)).toBe(drift.expected);
    });

    test.each(KEPT)("leaves as it is what others set elsewhere: $what", async (drift) => {
      expect(await look(...drift.look)).toBe(drift.expected);
    });
  });

  test("and the time of kubectl's restart stays, so that another number of replicas restarts nothing; a policy that changes what is applied is named", async () => {
    await kubectl("rollout", "restart", "deployment/iris");
    await kubectl("rollout", "status", "deployment/iris");
    const before = await revision("iris");
    await policy("apply");
    // The API server needs a moment to enforce it.
    const change = JSON.stringify({ metadata: { labels: { x: "y" } } });
    const dryRun = ["patch", "deployment/wine", "-p", change, "--dry-run=server", "-o"];
    const cpu = "jsonpath={.spec.template.spec.containers[0].resources.requests.cpu}";
    await eventually(async () => expect(await kubectl(...dryRun, cpu)).toBe("30m"));
    fleet.configure({ catalog: { iris: { replicas: 2 }, wine: { env: { A: "1" } } } });
    const text = await fleet.up();
    await policy("delete");
    expect(text).toContain(
      "deployment/wine: an admission policy or webhook of the cluster changes what is applied: " +
        'spec.template.spec.containers[model].resources.requests.cpu becomes "30m" instead of "20m"',
    );
    expect(await look("deployment/iris", "{.spec.replicas}")).toBe("2");
    expect(await revision("iris")).toBe(before);
  });
});
