import { z } from "zod";
import { POD_SECURITY_LEVELS, type PodSecurity } from "../../fleet/owner";
import { pathText, problem } from "../problem";
import { setting } from "../rules";
import type { VariantRule } from "../variant-rules";

/** Settings of what a container may do on its node. Each is a relaxation. */
export const securitySettings = {
  readOnlyRootFilesystem: setting(
    z.boolean(),
    "Whether the container's own disk is read-only. The server can write to `/tmp`, which is a volume that ends with its pod, and which HOME is, and to `volumes`.",
    { default: true },
  ),
  podSecurity: setting(
    z.enum(POD_SECURITY_LEVELS),
    "Pod Security Standard of the pods. `baseline` lets the server run as root, without further rights; the fleet's namespace admits such pods then.",
    { default: "restricted" as PodSecurity },
  ),
  runAsUser: setting(
    z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional(),
    "User ID of the container, for images whose own user is root or a name. 0 is root, and needs `podSecurity: baseline`.",
    { otherwise: "the image's own" },
  ),
};

/** The kubelet starts no container as root whose pod must not be. */
export const rootNeedsBaseline: VariantRule = ({ at, settings: { runAsUser, podSecurity } }) => {
  if (runAsUser !== 0 || podSecurity !== "restricted") return [];
  const rule = "is root, which podSecurity restricted refuses";
  return [problem(pathText(["runAsUser"], at), 0, rule, "give another user, or set podSecurity to baseline")];
};
