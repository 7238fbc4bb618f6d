import { z } from "zod";
import { headerName } from "./headers";
import { setting, text } from "./rules";

const EVERY = "*";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** A list of different entries, or `*` alone. */
function list<T extends z.ZodType<string>>(entry: T) {
  return z.array(entry).superRefine((all, context) => {
    const fail = (message: string) => context.addIssue({ code: "custom", message });
    if (all.includes(EVERY as z.output<T>) && all.length > 1)
      fail('has "*" beside others; it means every one, so let it stand alone');
    if (new Set(all).size < all.length) fail("names one twice; remove one");
    if (all.length > 64) fail(`has ${all.length} entries, and a route has room for 64`);
  });
}

/** Which web pages of other origins may call the models. @see https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter */
export const cors = z.strictObject({
  allowOrigins: setting(
    list(
      text(
        'is not an origin such as https://app.example.com or https://*.example.com, nor "*"',
        /^(\*|https?:\/\/((\*\.)?([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+|\*)(:\d{1,5})?)$/,
      ),
    ).refine((all) => all.length > 0, "is empty; name an origin, or remove routing.cors"),
    "Origins of the pages.",
  ),
  allowMethods: setting(
    list(z.enum([...METHODS, EVERY])).default(["GET", "HEAD", "POST"]),
    "Methods that they may use.",
  ),
  allowHeaders: setting(
    list(headerName).default(["Authorization", "Content-Type"]),
    "Headers that they may send.",
  ),
  exposeHeaders: setting(list(headerName).default([]), "Headers of the answers that they may read."),
  allowCredentials: setting(z.boolean().default(false), "Whether they may send cookies and the like."),
  maxAgeSeconds: setting(
    z.int().min(1).max(86_400).default(600),
    "How long a browser may remember the answer, in seconds.",
  ),
});
export type Cors = z.output<typeof cors>;
