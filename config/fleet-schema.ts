import { z } from "zod";
import { KIND_NAMES } from "../fleet/objects";
import { gateway } from "./gateway-schema";
import { catalogEntry, partialModel, runtime } from "./model-schema";
import { monitoring } from "./monitoring-schema";
import { networkPolicy } from "./network-schema";
import { routing } from "./routing-schema";
import {
  annotations,
  dnsName,
  envName,
  image,
  labels,
  NAMESPACE,
  NAMESPACE_RULE,
  setting,
  text,
} from "./rules";
import { resourceProfile } from "./settings/placement";
import { scaling } from "./settings/scaling";

/** The settings of the fleet as a whole: everything under `modelfleet:`, strict at every level. */

/** The ingress controllers that an Ingress can be written for; `none` is any other one. */
export const CONTROLLER_NAMES = ["nginx", "traefik", "none"] as const;

/** Keys that have moved, with their new place. Those of a model begin with `<model>`. */
export const MOVED_KEYS: Readonly<Record<string, string>> = {
  "<model>.readinessPath": "readiness.path",
  "ingress.pathPrefix": "routing.pathPrefix",
  "ingress.host": "routing.host",
  "ingress.url": "routing.url",
  "ingress.defaultBackend": "routing.defaultBackend",
};

const ingress = z.strictObject({
  className: setting(
    dnsName("is not the name of an IngressClass").optional(),
    "IngressClass of the Ingress.",
    { otherwise: "the cluster's default class" },
  ),
  controller: setting(
    z.enum(CONTROLLER_NAMES).optional(),
    "Ingress controller that serves the class: ingress-nginx and Traefik strip a model's path. With `none`, for any other one, the model gets the whole path.",
    { otherwise: "the controller of the IngressClass" },
  ),
  annotations: setting(annotations.default({}), "Additional annotations of the Ingress."),
});

/** A value that is encrypted in the stack's file. */
const secretValue = z
  .string()
  .refine(
    (value) => !/^[^\r\n]*[\r\n]+$/.test(value),
    "ends with a line break, which a key or a password does not have; set it without, as with `tr -d '\\r\\n' < <file> | pulumi config set --secret --path '<path>'`",
  )
  .refine((value) => !value.includes("\0"), "has a NUL character, which Kubernetes cannot pass on; remove it")
  .meta({ secret: true });

const registry = z.strictObject({
  server: setting(
    text(
      "is not the host of a registry, such as registry.example.com",
      /^(https?:\/\/)?[A-Za-z0-9*]([-A-Za-z0-9.*]*[A-Za-z0-9*])?(:\d+)?(\/[^\s?#]*)?$/,
    ),
    "Host of the registry, such as registry.example.com.",
  ),
  username: setting(z.string().min(1, "is empty; give the registry's user"), "User of the registry."),
  password: setting(secretValue, "Password of that user; it is refused in plain text."),
});

const runtimeName = text(
  'is not the name of a runtime (letters, digits, "-", "_" and ".")',
  /^[A-Za-z0-9][\w.-]*$/,
);

const storage = z.strictObject({
  initializerImage: setting(
    image.default("docker.io/kserve/storage-initializer:v0.20.0"),
    "Image of the init container that downloads a model's files: KServe's storage-initializer, or one that takes the same two arguments, the address and the folder.",
  ),
  requirePinned: setting(
    z.boolean().default(false),
    "Whether an artefact that may change without a change of the settings is an error instead of a warning.",
  ),
});

/** Everything under `modelfleet:`. The list of models has its own parser and messages: see models.ts. */
export const fleetSettings = z.strictObject({
  models: setting(
    z.union([z.string(), z.array(z.string())]).optional(),
    "The active model IDs, as `iris,churn` (or with spaces or line breaks) or as a list: the only setting to edit to deploy or delete a model. An empty list is a fleet without models.",
  ),
  namespace: setting(
    text(NAMESPACE_RULE, NAMESPACE).default("models"),
    "Namespace of the fleet, created if it is missing.",
  ),
  labels: setting(
    labels.default({}),
    "Additional labels of the objects that belong to no model: Ingress, pull Secret, default backend, Namespace, Middleware.",
  ),
  annotations: setting(annotations.default({}), "Additional annotations of those objects."),
  defaults: setting(partialModel.default({}), "Settings that every model starts from."),
  catalog: setting(
    z.record(z.string(), catalogEntry).default({}),
    "Settings per model ID, merged over `defaults`: maps by key, lists replaced, `null` removes. An entry may stay while its model is not active.",
  ),
  catalogPath: setting(
    text("is not a folder such as catalog (relative to Pulumi.yaml)", /^[^/\s][^\s]*$/).optional(),
    "Folder of catalog entries in files of their own, `<id>.yaml`, with the same settings as under `catalog.<id>`.",
    { otherwise: "`catalog`, if it is there" },
  ),
  resourceProfiles: setting(
    z
      .record(text("is not the name of a profile, such as l4", /^[A-Za-z0-9][-\w.]*$/), resourceProfile)
      .default({}),
    "Hardware by name, for `resourceProfile`. Each is one unit: `requests`, `limits`, `nodeSelector`, `affinity`, `tolerations`, `priorityClassName`, `runtimeClassName`.",
  ),
  scaling: setting(scaling.prefault({}), "Where the metrics of autoscaled models come from."),
  nodeAutoscaling: setting(
    z.boolean().default(false),
    "Whether the cluster adds nodes for pods that find no room. A model that fits no current node is a warning then, and an error otherwise.",
  ),
  secrets: setting(
    z.record(z.string(), z.record(envName, secretValue)).default({}),
    "Secret environment per model ID, under `<id>/<variant>` of one variant, and under `defaults` of every model; the most specific value wins. It is refused in plain text: set each value with `pulumi config set --secret --path`.",
  ),
  runtimes: setting(
    z.record(runtimeName, runtime).default({}),
    "Runtimes of the fleet's own by name, each the settings of a model; one with the name of a [preset](runtimes.md) changes that.",
  ),
  storage: setting(storage.prefault({}), "How the files of models are downloaded."),
  registry: setting(registry.optional(), "Where private images come from: one pull Secret for the fleet.", {
    otherwise: "images are pulled without credentials",
  }),
  routing: setting(routing.prefault({}), "Where the models answer."),
  ingress: setting(ingress.prefault({}), "The Ingress that routes to the models."),
  gateway: setting(
    gateway.prefault({}),
    "The Gateway whose HTTPRoutes lead to the models, for `routing.flavour: gateway`.",
  ),
  networkPolicy: setting(
    networkPolicy.optional(),
    "Closes the network of the models, except for what it lists, DNS, and requests between models that one of them names. The cluster's network must enforce network policies.",
    { otherwise: "the network is as the cluster has it" },
  ),
  monitoring: setting(monitoring.prefault({}), "How the fleet is watched."),
  adopt: setting(
    z
      .array(
        text(
          `is not "<kind>/<name>" with a kind of ${KIND_NAMES.join(", ")}, nor "ingress/<namespace>/<name>" or "httproute/<namespace>/<name>"`,
          new RegExp(`^((${KIND_NAMES.join("|")})|(ingress|httproute)/[a-z0-9-]+)/[a-z0-9][a-z0-9.-]*$`),
        ),
      )
      .default([]),
    "Existing objects that this fleet may take over, as kind/name, and Ingresses and HTTPRoutes whose paths it may route too, as ingress/namespace/name.",
  ),
  maxDeletions: setting(
    z.int().min(0).optional(),
    "How many models one update may delete. More is an error that names them; `MODELFLEET_MAX_DELETIONS` allows it once.",
    { otherwise: "a fifth of the fleet, at least one" },
  ),
  clusterId: setting(
    text(
      'is not the UID of a namespace such as 7d3a5f0e-1c2b-4d6e-8f90-a1b2c3d4e5f6, nor "any"',
      /^(any|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    ).optional(),
    "The only cluster that the fleet may be in: the UID of its namespace kube-system. With `any` it is not compared.",
    { otherwise: "the cluster of the stack's last update" },
  ),
});
export type FleetSettings = z.output<typeof fleetSettings>;
