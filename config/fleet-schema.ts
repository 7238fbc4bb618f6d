import { z } from "zod";
import { KIND_NAMES } from "../fleet/objects";
import { compareQuantities, isMultipleOf, problemOfQuantity } from "../fleet/quantity";
import { cors } from "./cors-schema";
import { gateway } from "./gateway-schema";
import { headerName } from "./headers";
import { catalogEntry, partialModel } from "./model-schema";
import { resources } from "./resources";
import {
  annotations,
  checkedBy,
  dnsName,
  envName,
  hostName,
  image,
  labels,
  NAMESPACE,
  NAMESPACE_RULE,
  PATH,
  setting,
  text,
  timeoutSeconds,
} from "./rules";

/** The settings of the fleet as a whole: everything under `modelfleet:`, strict at every level. */

/** The ingress controllers that an Ingress can be written for; `none` is any other one. */
export const CONTROLLER_NAMES = ["nginx", "traefik", "none"] as const;

/** The ways in which requests reach the models. With `both`, the Ingress and the HTTPRoutes are there. */
export const FLAVOURS = ["ingress", "gateway", "both"] as const;

/** Keys that have moved, with their new place. Those of a model begin with `<model>`. */
export const MOVED_KEYS: Readonly<Record<string, string>> = {
  "<model>.readinessPath": "readiness.path",
  "ingress.pathPrefix": "routing.pathPrefix",
  "ingress.host": "routing.host",
  "ingress.url": "routing.url",
  "ingress.defaultBackend": "routing.defaultBackend",
};

/** A quantity of whole bytes. 0 would mean no limit to ingress-nginx, and nothing to anybody who reads it. */
const bodySize = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    checkedBy((value) => {
      const rule = problemOfQuantity(value);
      if (rule !== undefined) return rule;
      return isMultipleOf(value, "1") && compareQuantities(value, "1") >= 0
        ? undefined
        : "is not a size in bytes; write it as 20Mi";
    }),
  );

const PATH_PREFIX_RULE = 'is not a path such as "/models" (no trailing slash)';

const defaultBackend = z.strictObject({
  image: setting(
    image,
    "Image of a server on port 8080 that answers 404 with the IDs in its MODELS, 410 with the URL that its RETIRED has for a path, and 200 on /healthz. With `routing.openai`, its OPENAI_MODEL_HEADER is `routing.modelHeader`, and it answers what is below /v1: the list of models, and 404 for the rest.",
  ),
  resources: setting(
    resources({ requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } }).prefault({}),
    "Resources that its pod requests, and their limits.",
  ),
});

const tls = z.strictObject({
  secretName: setting(
    dnsName("is not the name of a Secret").optional(),
    "Secret of type `kubernetes.io/tls` in the fleet's namespace with the certificate of `routing.host`. With cert-manager, it makes the Secret: name the issuer in `ingress.annotations`.",
    { otherwise: "the ingress controller's own certificate" },
  ),
  redirect: setting(z.boolean().default(true), "Whether requests by HTTP are redirected to HTTPS."),
});

const pathPrefix = z.union([z.literal("/"), text(PATH_PREFIX_RULE, PATH)], { error: PATH_PREFIX_RULE });

const routing = z.strictObject({
  flavour: setting(
    z.enum(FLAVOURS).default("ingress"),
    "What routes requests to the models: one `ingress` for all of them, or an HTTPRoute per model on a `gateway` (Gateway API). With `both`, the fleet has the two, while clients move from one address to the other.",
  ),
  pathPrefix: setting(pathPrefix.default("/models"), "Path before a model's ID."),
  formerPathPrefixes: setting(
    z.array(pathPrefix).default([]),
    "Prefixes that the paths had before: every model answers at `<prefix>/<id>` too, like an alias.",
  ),
  host: setting(hostName.optional(), "Host name of the models' URLs.", { otherwise: "every host" }),
  additionalHosts: setting(
    z.array(hostName).default([]),
    "Further host names on which the models answer, such as a former one. They need `routing.host`.",
  ),
  hostTemplate: setting(
    text(
      'is not a host name with "{id}" in it, such as {id}.models.example.com',
      /^[a-z0-9.-]*\{id\}[a-z0-9-]*(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    ).optional(),
    "Host name of each model alone, on which it answers at `/`, besides its path. `{id}` is the model's ID.",
    { otherwise: "models have only paths" },
  ),
  url: setting(
    z
      .url({ protocol: /^https?$/, error: "is not a URL such as https://models.example.com" })
      .transform((url) => url.replace(/\/+$/, ""))
      .optional(),
    "URL at which clients reach the ingress controller; each URL in the output `urls` starts with it.",
    {
      otherwise:
        "`http://<routing.host>`, or `https://` with `routing.tls`; without a host, the URLs are paths",
    },
  ),
  retired: setting(
    z.record(z.string(), z.string()).default({}),
    "IDs of models that are gone, each with the ID of the model that replaces it. The default backend answers their paths with 410 and the successor's URL.",
  ),
  tls: setting(tls.optional(), "HTTPS, which the ingress controller ends. It needs `routing.host`.", {
    otherwise: "HTTP",
  }),
  timeoutSeconds: setting(
    timeoutSeconds.optional(),
    "How long a model may take to answer a request, in seconds. Of the ingress controllers, only ingress-nginx has such a limit, from one part of the answer to the next; a Gateway counts to the last byte.",
    { otherwise: "the controller's own limit: ingress-nginx 60, Traefik none, Envoy mostly 15" },
  ),
  maxBodySize: setting(
    bodySize.optional(),
    "Largest body of a request, as a Kubernetes quantity such as 20Mi. Only ingress-nginx has such a limit; a larger body is answered with 413.",
    { otherwise: "the ingress controller's own limit: ingress-nginx 1Mi, Traefik none" },
  ),
  cors: setting(
    cors.optional(),
    "Which web pages of other origins may call the models. Only a Gateway has it, if its controller does.",
    { otherwise: "what the model answers itself" },
  ),
  defaultBackend: setting(
    defaultBackend.optional(),
    "Server that answers every path without a model with 404 and the list of models.",
    { otherwise: "the ingress controller answers" },
  ),
  openai: setting(
    z.boolean().default(false),
    "Whether clients of OpenAI's API have one address for all models, `<routing.url>/v1`, where a header names the model. It needs `routing.flavour: gateway` and `routing.defaultBackend`, which answers `/v1/models`.",
  ),
  modelHeader: setting(
    headerName.default("X-Gateway-Model-Name"),
    "Header that names the model at `/v1`, by its ID. Clients set it, or a router that reads the request's body.",
  ),
});

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
  secrets: setting(
    z.record(z.string(), z.record(envName, secretValue)).default({}),
    "Secret environment per model ID, under `<id>/<variant>` of one variant, and under `defaults` of every model; the most specific value wins. It is refused in plain text: set each value with `pulumi config set --secret --path`.",
  ),
  registry: setting(registry.optional(), "Where private images come from: one pull Secret for the fleet.", {
    otherwise: "images are pulled without credentials",
  }),
  routing: setting(routing.prefault({}), "Where the models answer."),
  ingress: setting(ingress.prefault({}), "The Ingress that routes to the models."),
  gateway: setting(
    gateway.prefault({}),
    "The Gateway whose HTTPRoutes lead to the models, for `routing.flavour: gateway`.",
  ),
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
