import { z } from "zod";
import { dnsName, envName, scalar, setting, text } from "../rules";

/** Where variables come from that are no text of the settings. */

/** One object whose keys become variables. */
const source = (kind: string) =>
  z
    .strictObject({
      name: dnsName(`is not the name of a ${kind}`),
      optional: z.boolean().optional(),
    })
    .optional();

/** One key of an object. */
const key = (kind: string) =>
  z
    .strictObject({
      name: dnsName(`is not the name of a ${kind}`),
      key: text(`is not a key of a ${kind}`, /^[-._a-zA-Z0-9]{1,253}$/),
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

/** The fields of a pod that a variable may have. @see https://kubernetes.io/docs/concepts/workloads/pods/downward-api/ */
const FIELD =
  /^(metadata\.(name|namespace|uid|(labels|annotations)\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;
const RESOURCE = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables */
const valueFrom = z
  .strictObject({
    secretKeyRef: key("Secret"),
    configMapKeyRef: key("ConfigMap"),
    fieldRef: z
      .strictObject({ fieldPath: text('is not a field of a pod such as "status.podIP"', FIELD) })
      .optional(),
    resourceFieldRef: z
      .strictObject({
        resource: text('is not a resource such as "limits.memory"', RESOURCE),
        divisor: scalar.optional(),
      })
      .optional(),
  })
  .refine(
    (sources) => Object.values(sources).filter((one) => one !== undefined).length === 1,
    "has not one source; give secretKeyRef, configMapKeyRef, fieldRef or resourceFieldRef",
  );

/** The value of a variable: a text, or where Kubernetes takes it from. */
export type EnvValue = string | z.output<typeof valueFrom>;

/** The variables whose values are texts. */
export function textsOf(env: Readonly<Record<string, EnvValue>>): Record<string, string> {
  const texts = Object.entries(env).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}

/** Settings of the container's variables. */
export const environmentSettings = {
  env: setting(
    z.record(envName, z.union([scalar, valueFrom])),
    "Environment variables: a text, or as in a pod's `valueFrom` one of `{secretKeyRef: {name, key}}`, `configMapKeyRef`, `{fieldRef: {fieldPath: status.podIP}}` and `{resourceFieldRef: {resource: limits.memory}}`. MODEL_NAME (the ID), PORT and, with `readOnlyRootFilesystem`, HOME are set, and may be overridden. `$(NAME)` is replaced as in `args`, whatever the order. Secrets belong in `secrets`, and are refused here: see `plain`.",
    { default: {} },
  ),
  envFrom: setting(
    z.array(envSource).optional(),
    "Secrets and ConfigMaps of the fleet's namespace whose keys become variables, as in a pod: `- secretRef: {name: hub}`, also `configMapRef`, `prefix` and `optional`. `env` and `secrets` win over them. A change of their content restarts no pod.",
    { otherwise: "none" },
  ),
};
