import * as pulumi from "@pulumi/pulumi";
import packageJson from "../package.json";
import { Fleet, FLEET_TYPE } from "./fleet";

/**
 * What programs in other languages see of the component.
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
 */
const SCHEMA = {
  name: "modelfleet",
  version: packageJson.version,
  description: packageJson.description,
  resources: {
    [FLEET_TYPE]: {
      isComponent: true,
      description: "The fleet of the stack's settings, `modelfleet:...`. To be made once per program.",
      inputProperties: {},
      properties: {
        namespace: { type: "string", description: "The fleet's namespace." },
        urls: {
          type: "object",
          additionalProperties: { type: "string" },
          description: "URL of each model, by ID.",
        },
        models: { $ref: "pulumi.json#/Any", description: "What runs, by model ID: image, replicas, url." },
        clusterId: {
          type: "string",
          description:
            "The cluster, by the UID of its namespace kube-system: another one next time is an error.",
        },
      },
      required: ["namespace", "urls", "models", "clusterId"],
    },
  },
  language: Object.fromEntries(
    ["csharp", "go", "java", "nodejs", "python"].map((name) => [name, { respectSchemaVersion: true }]),
  ),
};

/** Serves the component to Pulumi, until Pulumi ends this process. */
export async function serve(): Promise<void> {
  const provider: pulumi.provider.Provider = {
    version: packageJson.version,
    getSchema: () => Promise.resolve(JSON.stringify(SCHEMA)),
    construct: (name, type, _inputs, options) => {
      if (type !== FLEET_TYPE)
        throw new Error(`there is no component ${type}; the package has ${FLEET_TYPE}`);
      const { urn, namespace, urls, models, clusterId } = new Fleet(name, options);
      return Promise.resolve({ urn, state: { namespace, urls, models, clusterId } });
    },
  };
  await pulumi.provider.main(provider, process.argv.slice(2));
}
