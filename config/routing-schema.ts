import { z } from "zod";
import { compareQuantities, isMultipleOf, problemOfQuantity } from "../fleet/quantity";
import { cors } from "./cors-schema";
import { headerName } from "./headers";
import { resources } from "./resources";
import { checkedBy, dnsName, hostName, image, PATH, setting, text, timeoutSeconds } from "./rules";

/** The settings under `routing`. */

/** The ways in which requests reach the models. With `both`, the Ingress and the HTTPRoutes are there. */
const FLAVOURS = ["ingress", "gateway", "both"] as const;

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

/** Where and how the models answer. */
export const routing = z.strictObject({
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
