import { isIP } from "node:net";
import { z } from "zod";
import { compareQuantities, problemOfQuantity } from "../fleet/quantity";

/**
 * The shape of every config key, strict at every level. Pure: it reads nothing. Each field's description becomes the
 * editor's help through `config/schema.json` (`npm run docs`).
 */

const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const IMAGE = /^[a-zA-Z0-9][\w.\-/:]*(@sha256:[a-f0-9]{64})?$/;
/** Without "." and ".." as segments, which Kubernetes refuses and clients take out before they send. */
const PATH = /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/;
/** What one container may be given: Kubernetes' own resources, and others by a name with a domain. */
const RESOURCE =
  /^(cpu|memory|ephemeral-storage|hugepages-\S+|[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[-A-Za-z0-9_.]+)$/;
/** Plain values under such names are refused: they belong in `secrets`, where Pulumi encrypts them. */
const SECRET_NAME = /(^|_)(TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

const text = (rule: string, pattern: RegExp) => z.string().regex(pattern, rule);

const quantity = z
  .union([z.string(), z.number()])
  .transform(String)
  .superRefine((value, context) => {
    const message = problemOfQuantity(value);
    if (message) context.addIssue({ code: "custom", message });
  });

const quantities = z.record(
  text('is not a resource name such as "cpu", "memory" or "nvidia.com/gpu"', RESOURCE),
  quantity,
);

const resources = z
  .strictObject({
    requests: quantities.optional().describe("What the scheduler sets aside for one replica."),
    limits: quantities.optional().describe("What one replica may use at most."),
  })
  .superRefine(({ requests = {}, limits = {} }, context) => {
    for (const [name, request] of Object.entries(requests)) {
      const limit = limits[name];
      if (limit === undefined || problemOfQuantity(request) || problemOfQuantity(limit)) continue;
      if (compareQuantities(request, limit) > 0) {
        context.addIssue({
          code: "custom",
          path: ["requests", name],
          message: `is more than the limit of ${limit}; lower it or raise limits.${name}`,
        });
      }
    }
  });

/** A text, also where `pulumi config set --path` or YAML made a number or a truth value of it. */
const scalarOf = (text: z.ZodString, rule?: string) =>
  z
    .union([text, z.number(), z.boolean()], rule)
    .refine(
      (value) => typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value),
      "is a number too large to be kept exactly; put it in quotes",
    )
    .transform(String);
const scalar = scalarOf(z.string());

const labelKey = text(
  'is not a label key (letters, digits, "-", "_" and ".", a DNS prefix before "/")',
  LABEL_KEY,
).refine((key) => !key.startsWith("app.kubernetes.io/"), "is set by modelfleet itself; choose another key");

const LABEL_VALUE_RULE = 'is not a label value (at most 63 letters, digits, "-", "_" and ".")';
const labelValue = text(LABEL_VALUE_RULE, LABEL_VALUE);
// Once more as a text, for a number may have become one that is none, such as -1.
const labels = z.record(labelKey, scalarOf(labelValue, LABEL_VALUE_RULE).pipe(labelValue));

const annotations = z.record(
  text(
    'is not an annotation key (letters, digits, "-", "_" and ".", a DNS prefix before "/")',
    LABEL_KEY,
  ).refine(
    (key) => !/^(pulumi\.com|modelfleet\.dev)\//.test(key),
    "steers modelfleet itself; choose another key",
  ),
  scalar,
);

const envName = text(
  'is not an environment variable\'s name (letters, digits, "_", "-" and "."; no digit first)',
  ENV_NAME,
);

const env = z.record(
  envName.refine(
    (name) => !SECRET_NAME.test(name),
    "looks like a secret, which must not stand in plain text; set it with `pulumi config set --secret --path 'secrets.<model>.<NAME>'`",
  ),
  scalar,
);

/** Settings of one model, in `defaults` and in a `catalog` entry. All optional: the two are merged first. */
export const modelSettings = z.strictObject({
  image: text("is not an image reference such as registry.example/models/iris:3", IMAGE)
    .optional()
    .describe("Container image of the model server. Required, here or in defaults."),
  args: z
    .array(scalar)
    .optional()
    .describe("Arguments of the container's entrypoint. Default: the image's own."),
  env: env
    .optional()
    .describe("Plain environment. MODEL_NAME (the ID) and PORT are set already and may be overridden."),
  port: z.int().min(1).max(65535).optional().describe("Port on which the server listens. Default 8080."),
  replicas: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe("How many pods. 0 pauses the model and keeps its settings. Default 1."),
  resources: resources
    .optional()
    .describe("Default: requests of 100m CPU and 256Mi memory, a limit of 1Gi memory."),
  readinessPath: text('is not a path such as "/v2/health/ready"', /^\/[^\s#]*$/)
    .optional()
    .describe("HTTP path that answers 200 once the model can predict. Default /v2/health/ready."),
  startupSeconds: z
    .int()
    .min(1)
    .max(7200)
    .optional()
    .describe("How long one pod may take from creation to ready, in seconds. Default 120."),
  runAsUser: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional()
    .describe(
      "Numeric user of the container, for images whose own user is root or a name. Default: the image's.",
    ),
  path: text('is not a path such as "/models/iris" (no slash at its end)', PATH)
    .optional()
    .describe("Path behind the Ingress. Default: ingress.pathPrefix and the model ID."),
  labels: labels.optional().describe("Further labels of the model's objects and pods."),
  annotations: annotations.optional().describe("Annotations of the model's pods."),
});
export type ModelSettings = z.infer<typeof modelSettings>;

const ingress = z.strictObject({
  className: text("is not the name of an IngressClass", DNS_NAME)
    .default("nginx")
    .describe("IngressClass. Default nginx."),
  controller: z
    .enum(["nginx", "traefik"])
    .optional()
    .describe("Whose annotations to write. Default: className, where it is nginx or traefik."),
  host: text("is not a host name such as models.example.com", DNS_NAME)
    .refine((host) => isIP(host) === 0, "is an address, not a host name; leave it out and set ingress.url")
    .optional()
    .describe("Host that the Ingress answers for. Default: every host."),
  url: z
    .url({ protocol: /^https?$/, error: "is not a URL such as https://models.example.com" })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional()
    .describe("How clients reach the Ingress; the stack's urls begin with it. Default http://<host>."),
  pathPrefix: z
    .union([z.literal("/"), text('is not a path such as "/models" (no slash at its end)', PATH)], {
      error: 'is not a path such as "/models" (no slash at its end)',
    })
    .default("/models")
    .describe("What stands before a model's ID in its path. Default /models."),
  annotations: annotations
    .refine(
      (all) => !("kubernetes.io/ingress.class" in all),
      "has kubernetes.io/ingress.class, which Kubernetes refuses beside a class; set ingress.className",
    )
    .default({})
    .describe("Further annotations of the Ingress."),
  defaultBackend: z
    .strictObject({ image: text("is not an image reference such as registry.example/not-found:1", IMAGE) })
    .optional()
    .describe("Answers paths of no model with 404 and the list of models. Default: none."),
});
export type IngressSettings = z.infer<typeof ingress>;

/** A value that stands encrypted in the stack's file. */
const secretValue = z.string().meta({ secret: true });

const registry = z.strictObject({
  server: z.string().min(1, "is empty; give the registry's host, such as registry.example.com"),
  username: z.string().min(1, "is empty; give the registry's user"),
  password: secretValue,
});

/** Everything under `modelfleet:`. The list of models has forms and messages of its own: see models.ts. */
export const fleetSettings = z.strictObject({
  models: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe("The active model IDs, as a list or as iris,churn: the one thing that deploy and delete edit."),
  namespace: text(
    'is not a namespace (a DNS label: lower-case letters, digits and "-", at most 63)',
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  )
    .default("models")
    .describe("Namespace of the fleet; made where it is missing. Default models."),
  defaults: modelSettings.default({}).describe("Settings that every model starts from."),
  catalog: z
    .record(z.string(), modelSettings)
    .default({})
    .describe(
      "Settings per model ID, merged over defaults. An entry may stay while its model is not active.",
    ),
  secrets: z
    .record(z.string(), z.record(envName, secretValue))
    .default({})
    .describe("Secret environment per model ID. Set each with `pulumi config set --secret --path`."),
  registry: registry.optional().describe("Where private images come from: one pull Secret for the fleet."),
  ingress: ingress.prefault({}).describe("How the fleet is exposed."),
  adopt: z
    .array(
      text(
        'is not "<kind>/<name>" with a kind of deployment, service, secret, ingress, middleware',
        /^(deployment|service|secret|ingress|middleware)\/[a-z0-9][a-z0-9.-]*$/,
      ),
    )
    .default([])
    .describe("Objects that this fleet did not make and may take over, as kind/name."),
});
export type FleetSettings = z.infer<typeof fleetSettings>;
