import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict } from "../support/traffic";
import { changes, Workspace } from "../support/workspace";

/** Placeholder for the name of the Secret version in the environment of iris's pods, which ends in a hash. */
const VERSION = "IRIS-VERSION";

describeReal("drift", (cluster) => {
  let fleet: Workspace;
  let version: string;
  let urls: Record<string, string>;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "drift",
      cluster,
      config: {
        namespace: "drift",
        models: ["iris", "wine"],
        // Quantities that the API server stores in another form, which are no drift.
        defaults: {
          ...EXAMPLE_DEFAULTS,
          resources: {
            requests: { cpu: 0.02, memory: "65536Ki" },
            limits: { cpu: "2000m", memory: 268435456 },
          },
        },
        ingress: { className: "traefik" },
        routing: { pathPrefix: "/drift" },
      },
    });
    await fleet.must("config", "set", "--secret", "--path", "secrets.iris.API_KEY", "a-secret-value");
    await fleet.up();
    urls = await fleet.output("urls");
    const path = "jsonpath={.spec.template.spec.containers[0].envFrom[0].secretRef.name}";
    version = await fleet.kubectl("get", "deployment/iris", "-n", "drift", "-o", path);
  });
  afterAll(() => fleet.remove("drift"));
  const kubectl = (...args: readonly string[]) =>
    fleet.kubectl(...args.map((argument) => argument.replace(VERSION, version)));

  const patch = (kind: string, name: string, operations: object[]) =>
    ["patch", kind, name, "-n", "drift", "--type", "json", "-p", JSON.stringify(operations)] as const;

  interface Drift {
    readonly what: string;
    /** The arguments of `kubectl` that cause the drift. */
    readonly by: readonly string[];
    /** The preview's line about it. */
    readonly shown: RegExp;
    /** The field to read, and its value after the update. */
    readonly look: readonly [object: string, jsonpath: string];
    readonly expected: string;
  }

  // Together, because all share three runs: a preview that shows them, an update that undoes them, and a no-op.
  const EDITS: readonly Drift[] = [
    {
      what: "a scaled Deployment",
      by: ["scale", "-n", "drift", "deployment/iris", "--replicas", "2"],
      shown: /Deployment iris update/,
      look: ["deployment/iris", "{.spec.replicas}"],
      expected: "1",
    },
    {
      what: "another image",
      by: ["set", "image", "-n", "drift", "deployment/wine", "model=modelfleet.local/model-server:2"],
      shown: /Deployment wine update/,
      look: ["deployment/wine", "{.spec.template.spec.containers[0].image}"],
      expected: "modelfleet.local/model-server:1",
    },
    {
      what: "another port of a container, set by another program",
      by: [
        ...patch("deployment", "iris", [
          { op: "replace", path: "/spec/template/spec/containers/0/ports/0/containerPort", value: 9999 },
        ]),
        "--field-manager=dashboard",
      ],
      shown: /Deployment iris update/,
      look: ["deployment/iris", "{.spec.template.spec.containers[0].ports[*].containerPort}"],
      expected: "8080",
    },
    {
      what: "a Service that selects no pods",
      by: patch("service", "iris", [
        { op: "replace", path: "/spec/selector/app.kubernetes.io~1name", value: "nobody" },
      ]),
      shown: /Service iris update/,
      look: ["service/iris", "{.spec.selector.app\\.kubernetes\\.io/name}"],
      expected: "iris",
    },
    {
      what: "a label of the fleet that is removed",
      by: ["label", "-n", "drift", "service/wine", "app.kubernetes.io/instance-"],
      shown: /Service wine update/,
      look: ["service/wine", "{.metadata.labels.app\\.kubernetes\\.io/instance}"],
      expected: "drift",
    },
    {
      what: "another target port of a Service",
      by: patch("service", "wine", [{ op: "replace", path: "/spec/ports/0/targetPort", value: 1 }]),
      shown: /Service wine update/,
      look: ["service/wine", "{.spec.ports[0].targetPort}"],
      expected: "http",
    },
    {
      what: "a removed path of the Ingress",
      by: patch("ingress", "modelfleet", [{ op: "remove", path: "/spec/rules/0/http/paths/0" }]),
      shown: /Ingress models update/,
      look: ["ingress/modelfleet", "{.spec.rules[0].http.paths[*].path}"],
      expected: "/drift/iris /drift/wine",
    },
  ];
  const DELETIONS: readonly Drift[] = [
    {
      what: "a deleted Deployment",
      by: ["delete", "deployment/iris", "-n", "drift"],
      shown: /Deployment iris create/,
      look: ["deployment/iris", "{.metadata.name}"],
      expected: "iris",
    },
    {
      what: "a deleted Service",
      by: ["delete", "service/iris", "-n", "drift"],
      shown: /Service iris create/,
      look: ["service/iris", "{.metadata.name}"],
      expected: "iris",
    },
    {
      what: "a deleted Secret version that pods need",
      by: ["delete", `secret/${VERSION}`, "-n", "drift"],
      shown: /Secret iris\.version create/,
      look: [`secret/${VERSION}`, "{.data.API_KEY}"],
      expected: Buffer.from("a-secret-value").toString("base64"),
    },
    {
      what: "a deleted Secret of a model without secrets",
      by: ["delete", "secret/wine-env", "-n", "drift"],
      shown: /Secret wine create/,
      look: ["secret/wine-env", "{.metadata.name}"],
      expected: "wine-env",
    },
  ];

  describe.each([
    ["edited", EDITS],
    ["deleted", DELETIONS],
  ])("of %s objects", (_how, drifts) => {
    let preview: string;
    beforeAll(async () => {
      for (const { by } of drifts) await kubectl(...by);
      preview = await fleet.must("preview", "--refresh");
      await fleet.up("--refresh");
    });

    test.each(drifts)("is shown by a preview and undone: $what", async ({ shown, look, expected }) => {
      const [object, jsonpath] = look;
      expect(preview).toMatch(shown);
      expect(await kubectl("get", object, "-n", "drift", "-o", `jsonpath=${jsonpath}`)).toBe(expected);
    });

    test("is undone completely: the next update changes nothing, and the models answer", async () => {
      expect(changes(await fleet.up("--refresh"))).toEqual({});
      for (const [model, url] of Object.entries(urls)) {
        await eventually(async () => expect((await predict(url, model)).status).toBe(200));
      }
    });
  });

  test("of a secret's values is refused by the API server", async () => {
    const edit = patch("secret", VERSION, [{ op: "replace", path: "/data/API_KEY", value: "eA==" }]);
    await expect(kubectl(...edit)).rejects.toThrow("field is immutable when `immutable` is set");
  });

  test("a replaced object is there afterwards, whatever its kind, and the next update changes nothing", async () => {
    const urn = (parent: string, type: string, name: string) =>
      `urn:pulumi:drift::modelfleet::modelfleet:serving:${parent}$kubernetes:${type}::${name}`;
    await fleet.must("state", "taint", urn("ModelService", "core/v1:Service", "iris"), "--yes");
    const replaced = [
      urn("ModelService", "apps/v1:Deployment", "wine"),
      urn("ModelService", "core/v1:Secret", "wine"),
      urn("ModelIngress", "networking.k8s.io/v1:Ingress", "models"),
      "urn:pulumi:drift::modelfleet::kubernetes:core/v1:Namespace::drift",
    ];
    const objects = await fleet.objects();
    const text = await fleet.up(...replaced.flatMap((one) => ["--replace", one]));
    expect(changes(text)).toEqual({ replaced: 5 });
    expect(changes(await fleet.up("--refresh"))).toEqual({});
    expect(await fleet.objects()).toEqual(objects);
    for (const [model, url] of Object.entries(urls)) {
      await eventually(async () => expect((await predict(url, model)).status).toBe(200));
    }
  });
});
