import { describe, expect, test } from "vitest";
import { ModelService, type ModelServiceArgs } from "../../../components/model-service";
import { manifests, registered } from "../../../dev/registered";
import { modelOf } from "../../support/settings";

async function build(settings: Record<string, unknown> = {}, args: Partial<ModelServiceArgs> = {}) {
  const { id, ...model } = modelOf(settings);
  const resources = await registered(() => {
    new ModelService(id, { ...model, namespace: "models", stack: "dev", ...args });
  });
  return manifests(resources);
}

const annotationsOf = (object: { metadata: { annotations?: object } } | undefined) =>
  object?.metadata.annotations;

describe("a model service", () => {
  test("is always a Secret, a Deployment and a Service, named by the model", async () => {
    expect((await build()).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      "Deployment iris",
      "Secret iris-env",
      "Service iris",
    ]);
  });

  test("is awaited by its Deployment only", async () => {
    const [deployment, secret, service] = await build();
    expect(annotationsOf(deployment)).not.toHaveProperty(["pulumi.com/skipAwait"]);
    expect(annotationsOf(secret)).toHaveProperty(["pulumi.com/skipAwait"], "true");
    expect(annotationsOf(service)).toHaveProperty(["pulumi.com/skipAwait"], "true");
  });

  test("gives its container the model's name, its port and a home, which the settings may override", async () => {
    const [deployment] = await build({ env: { PORT: "1" } });
    expect(deployment?.["spec"]).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              env: [
                { name: "HOME", value: "/tmp" },
                { name: "MODEL_NAME", value: "iris" },
                { name: "PORT", value: "1" },
              ],
            },
          ],
        },
      },
    });
  });

  test("gives its pods the environment of the Secret version that it registers", async () => {
    const [deployment, , version] = await build({}, { secretEnv: { API_KEY: "x" } });
    expect(version?.metadata.name).toMatch(/^iris-env-/);
    expect(deployment?.["spec"]).toMatchObject({
      template: {
        spec: { containers: [{ envFrom: [{ secretRef: { name: version?.metadata.name } }] }] },
      },
    });
  });

  test("leaves a name to the model's secrets that would otherwise be set in plain", async () => {
    const [deployment] = await build({}, { secretEnv: { MODEL_NAME: "x" } });
    expect(deployment?.["spec"]).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              env: [
                { name: "HOME", value: "/tmp" },
                { name: "PORT", value: "8080" },
              ],
            },
          ],
        },
      },
    });
  });

  test("has its labels on every object, and further ones and annotations on its Service", async () => {
    const [deployment, secret, service] = await build({
      labels: { team: "garden" },
      service: { labels: { tier: "front" }, annotations: { "example.com/scrape": true } },
    });
    expect(deployment?.metadata.labels).toMatchObject({ team: "garden" });
    expect(secret?.metadata.labels).toMatchObject({ team: "garden" });
    expect(service?.metadata.labels).toMatchObject({ team: "garden", tier: "front" });
    expect(deployment?.metadata.labels).not.toHaveProperty("tier");
    expect(annotationsOf(service)).toMatchObject({ "example.com/scrape": "true" });
  });
});
