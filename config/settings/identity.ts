import { z } from "zod";
import { pathText, problem } from "../problem";
import { annotations, dnsName, setting } from "../rules";
import type { VariantRule } from "../variant-rules";

/** Settings of the account under which a model's pods run. */
export const identitySettings = {
  serviceAccountName: setting(
    dnsName("is not the name of a ServiceAccount").optional(),
    "ServiceAccount of the pods, which must exist in the fleet's namespace. Its token is not mounted.",
    { otherwise: "the namespace's `default`" },
  ),
  serviceAccount: setting(
    z
      .strictObject({
        annotations: setting(
          annotations.prefault({}),
          "Annotations of the ServiceAccount, by which clouds give it a role.",
        ),
      })
      .optional(),
    "Makes a ServiceAccount of its own for the model, named as its Deployment, such as for the identity of a cloud. `{}` is one without annotations.",
    { otherwise: "none is made" },
  ),
};

/** A pod has one account. */
export const oneServiceAccount: VariantRule = ({ at, settings }) => {
  const { serviceAccountName, serviceAccount } = settings;
  if (serviceAccountName === undefined || serviceAccount === undefined) return [];
  const rule = "is set beside serviceAccount, which makes one of its own";
  return [problem(pathText(["serviceAccountName"], at), serviceAccountName, rule, "remove one of the two")];
};
