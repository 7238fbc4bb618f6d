import { z } from "zod";
import { isInside, problemOfCidr } from "../fleet/cidr";
import { checkedBy, NAMESPACE, NAMESPACE_RULE, setting, text, wantedLabels } from "./rules";

/** Who may send requests to the models, and where they may connect to. */

const cidr = checkedBy(problemOfCidr);

/** Pods, or IP addresses. */
const peer = {
  /** The pods' namespace. Without it and with `podLabels`: that of the fleet. */
  namespace: text(NAMESPACE_RULE, NAMESPACE).optional(),
  podLabels: wantedLabels.optional(),
  cidr: cidr.optional(),
  except: z.array(cidr).optional(),
};

type Peer = z.output<z.ZodObject<typeof peer>>;

const hasPods = ({ namespace, podLabels }: Peer) => namespace !== undefined || podLabels !== undefined;

/** The API server refuses an exception that is no part of the range. */
function exceptions({ cidr: range, except = [] }: Peer, context: z.core.$RefinementCtx): void {
  for (const [index, one] of except.entries()) {
    if (range !== undefined && isInside(one, range)) continue;
    const message =
      range === undefined ? "is an exception from no cidr; remove it" : `is not inside ${range}`;
    context.addIssue({ code: "custom", path: ["except", index], message });
  }
}

/** Who sends requests. @see https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
export const source = z
  .strictObject(peer)
  .refine(
    (one) => hasPods(one) !== (one.cidr !== undefined),
    "names no one; give namespace, podLabels, both, or cidr",
  )
  .superRefine(exceptions);

/** Whom a model connects to. */
export const destination = z
  .strictObject({
    ...peer,
    /** ID of a model of the fleet. */
    model: z.string().optional(),
    /** TCP ports. @default all ports */
    ports: z.array(z.int().min(1).max(65535)).min(1).optional(),
  })
  .refine(
    (one) => [hasPods(one), one.cidr !== undefined, one.model !== undefined].filter(Boolean).length === 1,
    "names no one; give one of model, namespace with or without podLabels, podLabels, and cidr",
  )
  .superRefine(exceptions);
export type Destination = z.output<typeof destination>;

/** The network policy of the fleet. */
export const networkPolicy = z.strictObject({
  enabled: setting(
    z.boolean().default(true),
    "Whether it is in force. `false` removes it, and keeps the settings.",
  ),
  from: setting(
    z.array(source).default([]),
    "Who may send requests to every model, and read its metrics, such as `{namespace: traefik}`: the namespace in which the pods of the ingress controller or of the Gateway run, and that of Prometheus. Also `podLabels`, and `cidr` with `except` for what is no pod.",
  ),
  to: setting(
    z.array(destination).default([]),
    "Where every model may connect to, besides DNS: as `from`, also `{model: <id>}`, each with `ports`.",
  ),
});
export type NetworkPolicySettings = z.output<typeof networkPolicy>;
