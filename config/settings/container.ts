import { z } from "zod";
import { dnsName, env, image, scalar, setting, text } from "../rules";

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

/** One object whose keys become variables. */
const source = (kind: string) =>
  z
    .strictObject({
      name: dnsName(`is not the name of a ${kind}`),
      optional: z.boolean().optional(),
    })
    .optional();

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables */
const envSource = z
  .strictObject({
    prefix: text("is not the beginning of a variable's name", /^[A-Za-z_][A-Za-z0-9_.-]*$/).optional(),
    secretRef: source("Secret"),
    configMapRef: source("ConfigMap"),
  })
  .refine(
    ({ secretRef, configMapRef }) => (secretRef === undefined) !== (configMapRef === undefined),
    "has not one source; give secretRef or configMapRef",
  );

/** Settings of the container: what runs, and how it starts and ends. */
export const containerSettings = {
  image: setting(image, "Container image of the model server, such as registry.example/models/iris:3."),
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
  env: setting(
    env,
    "Environment variables in plain text. MODEL_NAME (the ID) and PORT are set, and may be overridden. `$(NAME)` is replaced as in `args`, whatever the order. Secrets belong in `secrets`, and are refused here: see `plain`.",
    { default: {} },
  ),
  envFrom: setting(
    z.array(envSource).optional(),
    "Secrets and ConfigMaps of the fleet's namespace whose keys become variables, as in a pod: `- secretRef: {name: hub}`, also `configMapRef`, `prefix` and `optional`. `env` and `secrets` win over them. A change of their content restarts no pod.",
    { otherwise: "none" },
  ),
  plain: setting(
    z.array(z.string()),
    "Names of variables, flags and annotations whose values are no secrets, although they look like one, in addition to those of `defaults`. A value looks like a secret if its text is one (a URL with a password, a private key, a key of a well-known service such as `sk-...`), or if it is in `env` or `args` and its name ends in a word such as TOKEN, PASSWORD, SECRET or KEY; a boolean, a file's path, a special token such as `</s>` and `$(NAME)` never do.",
    { default: [] },
  ),
  port: setting(z.int().min(1).max(65535), "Port on which the server listens.", { default: 8080 }),
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
  runAsUser: setting(
    z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .optional(),
    "User ID of the container, for images whose own user is root or a name.",
    { otherwise: "the image's own" },
  ),
};
