import { UserError } from "../../../lib/user-error";
import { wrongCluster } from "../facts";
import { type Check, oneLine, splitFix } from "../finding";

/** A cluster that cannot be reached, or another one than that of the last update. */
export const cluster: Check = {
  of: "cluster",
  look: async (facts) => {
    try {
      await facts.cluster();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const fix =
        "`kubectl get namespaces` shows whether the cluster answers; choose another one with kubernetes:context or KUBECONFIG";
      return [splitFix(oneLine(error.message), fix)];
    }
    const wrong = await wrongCluster(facts);
    return wrong === undefined ? [] : [splitFix(wrong, "choose that cluster (kubernetes:context)")];
  },
};
