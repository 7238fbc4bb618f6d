import { z } from "zod";
import { pathText, problem } from "../problem";
import { image, scalar, setting, text } from "../rules";
import type { VariantRule } from "../variant-rules";

const PROTOCOLS = ["http", "grpc"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

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

/** How the kubelet asks whether a container lives, and restarts it if it does not. */
export const liveness = z.strictObject({
  path: setting(
    text('is not a path such as "/v2/health/live"', /^\/[^\s#]*$/).optional(),
    "HTTP path that answers 200 while the server lives. A busy server must answer it too.",
    { otherwise: "only whether the port accepts connections is asked" },
  ),
  periodSeconds: setting(z.int().min(1).max(300).default(10), "How often it is asked, in seconds."),
  timeoutSeconds: setting(z.int().min(1).max(300).default(10), "How long the answer may take, in seconds."),
  failureThreshold: setting(
    z.int().min(1).max(1000).default(12),
    "How many answers in a row may fail before the container is restarted. With the defaults, after two minutes.",
  ),
});

/** Settings of the container: what runs, and how it starts and ends. */
export const containerSettings = {
  image: setting(image, "Container image of the model server, such as registry.example/models/iris:3."),
  imagePullPolicy: setting(
    z.enum(["Always", "IfNotPresent", "Never"]).optional(),
    "When a node pulls the image.",
    { otherwise: "`Always` for the tag `latest`, else `IfNotPresent`" },
  ),
  command: setting(
    z
      .array(scalar)
      .refine(({ length }) => length > 0, "is empty; remove it for the image's own")
      .optional(),
    "Entrypoint of the container, instead of the image's own. `$(NAME)` is replaced as in `args`.",
    { otherwise: "the image's own" },
  ),
  args: setting(
    z.array(scalar).optional(),
    "Arguments of the container's entrypoint. `$(NAME)` is replaced by that variable, also one of `secrets`; `$$(NAME)` stays `$(NAME)`.",
    { otherwise: "the image's own" },
  ),
  plain: setting(
    z.array(z.string()),
    "Names of variables, flags and annotations whose values are no secrets, although they look like one, in addition to those of `defaults`. A value looks like a secret if its text is one (a URL with a password, a private key, a key of a well-known service such as `sk-...`), or if it is in `env`, `command` or `args` and its name ends in a word such as TOKEN, PASSWORD, SECRET or KEY; a boolean, a file's path, a special token such as `</s>` and `$(NAME)` never do.",
    { default: [] },
  ),
  port: setting(z.int().min(1).max(65535), "Port on which the server listens.", { default: 8080 }),
  protocol: setting(
    z.enum(PROTOCOLS),
    "What the server speaks. `grpc` is HTTP/2 without TLS: its health is asked as gRPC's health service has it, without `readiness.path`, and it needs a `host`, since calls begin with no path. Not with ingress-nginx.",
    { default: "http" as Protocol },
  ),
  metrics: setting(
    z
      .strictObject({
        port: setting(z.int().min(1).max(65535).optional(), "Port of the metrics.", {
          otherwise: "`port`",
        }),
        path: setting(
          text('is not a path such as "/metrics"', /^\/[^\s#]*$/).default("/metrics"),
          "HTTP path of the metrics.",
        ),
      })
      .optional(),
    "Where the server has metrics for Prometheus. `{}` is `/metrics` on `port`.",
    { otherwise: "none" },
  ),
  readiness,
  liveness,
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
};

/** A call's path is that of its method, so that only a host tells the models apart. */
export const grpcNeedsHost: VariantRule = ({ at, settings: { protocol, host } }) => {
  if (protocol !== "grpc" || host !== undefined) return [];
  const rule = "is called without a path that names the model";
  return [problem(pathText(["protocol"], at), protocol, rule, "give it a host, or set routing.hostTemplate")];
};

/** A server that speaks gRPC answers no HTTP probe. */
export const grpcProbes: VariantRule = ({ at, settings: { protocol, liveness } }) => {
  if (protocol !== "grpc" || liveness.path === undefined) return [];
  const rule = "is asked by HTTP/1, and protocol is grpc";
  return [problem(pathText(["liveness", "path"], at), liveness.path, rule, "remove it")];
};
