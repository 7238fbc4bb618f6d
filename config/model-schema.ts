import { z } from "zod";
import { headers } from "./headers";
import { resources } from "./resources";
import {
  annotations,
  env,
  hostName,
  image,
  labels,
  PATH,
  scalar,
  setting,
  text,
  timeoutSeconds,
} from "./rules";

const variantName = text(
  'is not the name of a variant (lower-case letters, digits and "-"; neither first nor last "-"; at most 63)',
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
);

/** How a model's pods are probed. */
export const readiness = z.strictObject({
  path: setting(
    text('is not a path such as "/v2/health/ready"', /^\/[^\s#]*$/).default("/v2/health/ready"),
    "HTTP path that answers 200 once the model can predict.",
  ),
  periodSeconds: setting(
    z.int().min(1).max(300).default(5),
    "How often a pod that is ready is asked, in seconds.",
  ),
  timeoutSeconds: setting(
    z.int().min(1).max(300).default(10),
    "How long the answer may take, in seconds, also while the pod starts.",
  ),
  failureThreshold: setting(
    z.int().min(1).max(1000).default(6),
    "How many answers in a row may fail before the pod gets no more requests. A server that answers nothing while it predicts is left alone for `failureThreshold` times `timeoutSeconds` or `periodSeconds`, whichever is longer: 60 seconds.",
  ),
});

/** The settings of one model, each with its rule, its help and its default: this is the only place to add one. */
const settings = {
  image: setting(image, "Container image of the model server, such as registry.example/models/iris:3."),
  args: setting(
    z.array(scalar).optional(),
    "Arguments of the container's entrypoint. `$(NAME)` is replaced by that variable, also one of `secrets`; `$$(NAME)` stays `$(NAME)`.",
    { otherwise: "the image's own" },
  ),
  env: setting(
    env,
    "Environment variables in plain text. MODEL_NAME (the ID) and PORT are set, and may be overridden. `$(NAME)` is replaced as in `args`, whatever the order. Secrets belong in `secrets`, and are refused here: see `plain`.",
    { default: {} },
  ),
  plain: setting(
    z.array(z.string()),
    "Names of variables, flags and annotations whose values are no secrets, although they look like one, in addition to those of `defaults`. A value looks like a secret if its text is one (a URL with a password, a private key, a key of a well-known service such as `sk-...`), or if it is in `env` or `args` and its name ends in a word such as TOKEN, PASSWORD, SECRET or KEY; a boolean, a file's path, a special token such as `</s>` and `$(NAME)` never do.",
    { default: [] },
  ),
  port: setting(z.int().min(1).max(65535), "Port on which the server listens.", { default: 8080 }),
  replicas: setting(z.int().min(0).max(1000), "Number of pods. 0 pauses the model and keeps its settings.", {
    default: 1,
  }),
  resources: setting(
    resources({ requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } }),
    "Resources that one pod requests, and their limits.",
  ),
  readiness,
  startupSeconds: setting(
    z.int().min(1).max(7200),
    "How long one pod may take to become ready, in seconds. The update waits that long.",
    { default: 120 },
  ),
  drainSeconds: setting(
    z.int().min(0).max(7200),
    "How long open requests may take to end when a pod ends, in seconds: after that, the server is killed. It must end by itself once it has answered them.",
    { default: 30 },
  ),
  protect: setting(
    z.boolean(),
    "Whether an update or `pulumi destroy` that would delete the model fails before it changes anything. To delete it, set `false`, update, and then remove it.",
    { default: false },
  ),
  runAsUser: setting(
    z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .optional(),
    "User ID of the container, for images whose own user is root or a name.",
    { otherwise: "the image's own" },
  ),
  path: setting(
    text('is not a path such as "/models/iris" (no trailing slash)', PATH),
    "Path behind the ingress controller, which strips it before the model sees the request.",
    { otherwise: "`<routing.pathPrefix>/<id>`" },
  ),
  aliases: setting(
    z.array(text('is not a path such as "/models/iris" (no trailing slash)', PATH)),
    "Further paths to the model, such as its former one: they are stripped as `path` is, and the output `urls` has `path` only.",
    { default: [] },
  ),
  host: setting(
    hostName.optional(),
    "Host name of the model alone, on which it answers at `/`, besides its path. The output `urls` has it.",
    { otherwise: "`routing.hostTemplate` with the model's ID" },
  ),
  labels: setting(labels, "Additional labels of the model's objects and pods.", { default: {} }),
  annotations: setting(annotations, "Annotations of the model's pods.", { default: {} }),
  service: z.strictObject({
    labels: setting(labels.optional(), "Additional labels of the model's Service.", { default: {} }),
    annotations: setting(annotations.optional(), "Annotations of the model's Service.", { default: {} }),
  }),
  route: z.strictObject({
    annotations: setting(
      annotations.optional(),
      "Annotations of the model's HTTPRoute, for what a controller can beyond the Gateway API.",
      { default: {} },
    ),
    timeoutSeconds: setting(
      timeoutSeconds.optional(),
      "How long the model may take to answer a request, in seconds, from its first byte to the last one of the answer. Only a Gateway has such a limit per model.",
      { otherwise: "`routing.timeoutSeconds`" },
    ),
  }),
};

/** The settings of a model as components get them: merged, checked, with every default applied. */
export const model = z.strictObject(settings);
export type ModelSettings = z.output<typeof model>;

/** The settings of a model as people write them, in `defaults` and in a `catalog` entry, which are merged first. */
export const partialModel = model.partial();

/** Which requests a variant gets that is not the champion. */
export const share = z.strictObject({
  trafficPercent: setting(
    z.int().min(0).max(100).optional(),
    "Share of the requests, in per cent. The champion has the rest. Without effect on the champion, as the two below.",
    { otherwise: "0" },
  ),
  mirrorPercent: setting(
    z.int().min(0).max(100).optional(),
    "Share of the requests of which the variant gets a copy, in per cent; its answers are dropped. Not together with `trafficPercent`.",
    { otherwise: "0" },
  ),
  headers: setting(
    headers.optional(),
    "Requests with all of these headers go to the variant, besides its share.",
    {
      otherwise: "none",
    },
  ),
});

const OF_MODELS = { path: true, aliases: true, host: true, route: true, protect: true } as const;

/** The settings that are those of the whole model. */
export const SHARED_SETTINGS = Object.keys(OF_MODELS) as readonly (keyof typeof OF_MODELS)[];

/** The settings of a variant: those of its model that may differ, and its share of the requests. */
export const partialVariant = partialModel.omit(OF_MODELS).extend(share.shape);
export type VariantSettings = z.output<typeof partialVariant>;

/** What a `catalog` entry has besides the settings of a model. */
export const variantsOfModel = z.strictObject({
  champion: setting(
    z.string().optional(),
    "Name of the variant that the model's paths lead to. Another name is a promotion: no pod restarts, only the routes change.",
    { otherwise: "required with `variants`" },
  ),
  variants: setting(
    z.record(variantName, partialVariant).optional(),
    "Variants of the model by name, each with its own Deployment, Service and Secret: `<id>-<name>`, or `<id>` for the variant `default`, which a model without variants has. The model's settings are the defaults of each; any of them may differ but `path`, `aliases`, `host`, `route` and `protect`.",
    { otherwise: "the model has one" },
  ),
});

/** A `catalog` entry as people write it. */
export const catalogEntry = partialModel.extend(variantsOfModel.shape);
export type PartialModelSettings = z.input<typeof catalogEntry>;

/** The lowest layer of that merge. Nested settings apply their own defaults: see `resources`. */
export const MODEL_DEFAULTS: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(settings).flatMap(([key, rule]) => {
    if (rule instanceof z.ZodObject || key === "resources") return [[key, {}]];
    const { default: value } = rule.meta() ?? {};
    return value === undefined ? [] : [[key, value]];
  }),
);
