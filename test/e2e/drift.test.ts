import { afterAll, beforeAll, expect, test } from "vitest";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict } from "../support/traffic";
import { changes, Workspace } from "../support/workspace";

describeReal("what somebody did by hand", (cluster) => {
  let fleet: Workspace;
  let url: string;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "drift",
      cluster,
      config: {
        namespace: "drift",
        models: ["iris", "wine"],
        defaults: EXAMPLE_DEFAULTS,
        ingress: { className: "traefik", pathPrefix: "/drift" },
      },
    });
    await fleet.must("config", "set", "--secret", "--path", "secrets.iris.API_KEY", "a-secret-value");
    await fleet.up();
    url = (await fleet.output<Record<string, string>>("urls"))["iris"] as string;
  });
  afterAll(() => fleet.remove("drift"));

  const patch = (kind: string, name: string, operations: object[]) =>
    ["patch", kind, name, "-n", "drift", "--type", "json", "-p", JSON.stringify(operations)] as const;

  test.each<[string, readonly string[], readonly string[], string]>([
    [
      "a scaled Deployment",
      ["scale", "-n", "drift", "deployment/iris", "--replicas", "2"],
      ["get", "deployment/iris", "-n", "drift", "-o", "jsonpath={.spec.replicas}"],
      "1",
    ],
    [
      "another image",
      ["set", "image", "-n", "drift", "deployment/iris", "model=modelfleet.local/model-server:2"],
      ["get", "deployment/iris", "-n", "drift", "-o", "jsonpath={.spec.template.spec.containers[0].image}"],
      "modelfleet.local/model-server:1",
    ],
    [
      "a Service that selects nothing",
      patch("service", "iris", [
        { op: "replace", path: "/spec/selector/app.kubernetes.io~1name", value: "nobody" },
      ]),
      ["get", "service/iris", "-n", "drift", "-o", "jsonpath={.spec.selector.app\\.kubernetes\\.io/name}"],
      "iris",
    ],
    [
      "a Service's other target port",
      patch("service", "iris", [{ op: "replace", path: "/spec/ports/0/targetPort", value: 1 }]),
      ["get", "service/iris", "-n", "drift", "-o", "jsonpath={.spec.ports[0].targetPort}"],
      "http",
    ],
    [
      "a deleted Deployment",
      ["delete", "deployment/iris", "-n", "drift"],
      ["get", "deployment/iris", "-n", "drift", "-o", "jsonpath={.metadata.name}"],
      "iris",
    ],
    [
      "a deleted Service",
      ["delete", "service/iris", "-n", "drift"],
      ["get", "service/iris", "-n", "drift", "-o", "jsonpath={.metadata.name}"],
      "iris",
    ],
    [
      "a deleted Secret",
      ["delete", "secret/iris-env", "-n", "drift"],
      ["get", "secret/iris-env", "-n", "drift", "-o", "jsonpath={.data.API_KEY}"],
      Buffer.from("a-secret-value").toString("base64"),
    ],
    [
      "another value in a Secret",
      patch("secret", "iris-env", [{ op: "replace", path: "/data/API_KEY", value: "eA==" }]),
      ["get", "secret/iris-env", "-n", "drift", "-o", "jsonpath={.data.API_KEY}"],
      Buffer.from("a-secret-value").toString("base64"),
    ],
    [
      "a removed path of the Ingress",
      patch("ingress", "modelfleet", [{ op: "remove", path: "/spec/rules/0/http/paths/0" }]),
      ["get", "ingress/modelfleet", "-n", "drift", "-o", "jsonpath={.spec.rules[0].http.paths[*].path}"],
      "/drift/iris /drift/wine",
    ],
  ])("is shown by a preview and undone: %s", async (_what, drift, look, expected) => {
    await fleet.kubectl(...drift);
    const preview = await fleet.must("preview", "--refresh");
    expect(changes(preview), preview).not.toEqual({});
    await fleet.up("--refresh");
    expect(await fleet.kubectl(...look)).toBe(expected);
    expect(changes(await fleet.up("--refresh"))).toEqual({});
    await eventually(async () => expect((await predict(url, "iris")).status).toBe(200));
  });

  test("may stay where it is nobody's harm: a foreign label", async () => {
    await fleet.kubectl("label", "-n", "drift", "service/iris", "cost-centre=42");
    await fleet.up("--refresh");
    expect(changes(await fleet.up("--refresh"))).toEqual({});
    expect((await predict(url, "iris")).status).toBe(200);
  });

  test("is undone where it is one of the fleet's own labels", async () => {
    await fleet.kubectl("label", "-n", "drift", "service/iris", "app.kubernetes.io/instance-");
    await fleet.up("--refresh");
    const labels = await fleet.kubectl(
      "get",
      "service/iris",
      "-n",
      "drift",
      "-o",
      "jsonpath={.metadata.labels}",
    );
    expect(labels).toContain('"app.kubernetes.io/instance":"drift"');
  });
});
