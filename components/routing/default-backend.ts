import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../../config/resolve";
import { liveness, readiness } from "../../config/settings/container";
import { FLEET_NAMES } from "../../fleet/names";
import type { Announcement } from "../../fleet/objects";
import { type Extras, metadata, type Scope } from "../metadata";
import { deploymentSpec } from "../pod/deployment";
import type { PodSettings } from "../pod/part";
import { rolloutTimeouts } from "../pod/parts/rollout";
import { serviceSpec } from "../pod/service";

/** The settings of the default backend. */
type DefaultBackendSettings = NonNullable<Fleet["routing"]["defaultBackend"]>;

/** Port on which the server listens. */
const PORT = 8080;

/** Arguments of a {@link DefaultBackend}. */
export interface DefaultBackendArgs extends Scope, Extras, DefaultBackendSettings {
  /** IDs of the active models. */
  readonly models: readonly string[];
  /** URL or path of the successor of each retired model, by its path. @default none */
  readonly retired?: Readonly<Record<string, string>>;
  /** The header that names a model at /v1, where the server answers as OpenAI does. @default it does not */
  readonly modelHeader?: string | undefined;
  /** Name of the pull Secret. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
}

/** Announces the objects of a {@link DefaultBackend}. */
export function defaultBackendObjects(): Announcement[] {
  const by = "the default backend";
  const name = FLEET_NAMES.defaultBackend;
  return [
    { object: `deployment/${name}`, by },
    { object: `service/${name}`, by },
  ];
}

/** Answers every path without a model with 404 and the list of models, or with 410 if the model is retired. */
export class DefaultBackend extends pulumi.ComponentResource {
  /** Name of its Service. */
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: DefaultBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:DefaultBackend", name, {}, opts);
    const own = FLEET_NAMES.defaultBackend;
    const { stack, pullSecret, labels, annotations } = args;

    const settings = podSettings(args);
    new Deployment(
      name,
      {
        metadata: metadata(args, { name: own, labels, annotations, skipAwait: false }),
        spec: deploymentSpec(settings, { name: own, stack, pullSecret }),
      },
      { parent: this, customTimeouts: rolloutTimeouts(settings) },
    );
    const service = new Service(
      name,
      {
        metadata: metadata(args, { name: own, labels, annotations }),
        spec: serviceSpec({ name: own, stack, protocol: "http" }),
      },
      { parent: this },
    );

    this.serviceName = service.metadata.name;
    this.registerOutputs({ serviceName: this.serviceName });
  }
}

function podSettings(args: DefaultBackendArgs): PodSettings {
  const { image, resources, models, retired = {}, modelHeader, ...extras } = args;
  return {
    image,
    resources,
    port: PORT,
    replicas: 1,
    // The list is part of the pod's spec, so that what it answers is what is routed: the next list is a rollout.
    env: {
      MODELS: JSON.stringify([...models].sort()),
      PORT: String(PORT),
      ...(modelHeader !== undefined && { OPENAI_MODEL_HEADER: modelHeader }),
      ...(Object.keys(retired).length > 0 && { RETIRED: JSON.stringify(sortedByKey(retired)) }),
    },
    readiness: readiness.parse({ path: "/healthz" }),
    liveness: liveness.parse({}),
    volumes: {},
    readOnlyRootFilesystem: true,
    podSecurity: "restricted",
    protocol: "http",
    startupSeconds: 60,
    drainSeconds: 30,
    spareGpus: false,
    labels: extras.labels ?? {},
    annotations: extras.annotations ?? {},
  };
}

/** Another order in the settings is no change. */
function sortedByKey(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
