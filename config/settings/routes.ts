import { z } from "zod";
import { annotations, hostName, labels, PATH, setting, text, timeoutSeconds } from "../rules";

/** Settings of how requests reach a model. */
export const routeSettings = {
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
