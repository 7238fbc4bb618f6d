import { hasPods } from "../components/fleet";
import { problemsOfController } from "../config/controller";
import { usesIngress } from "../config/gateway-rules";
import type { Problem } from "../config/problem";
import type { Fleet, IngressSettings, SettledFleet } from "../config/resolve";
import { type Api, type ClusterChoice, connect } from "../kubernetes/api";
import { ingressOf, unservedIngress } from "../kubernetes/ingress-class";
import { asShown, type Finding } from "./finding";

/** A fleet whose Ingress is as the cluster serves it. */
export interface ServedFleet<Settings> {
  readonly settings: Omit<Settings, "ingress"> & { readonly ingress: IngressSettings };
  readonly problems: readonly Problem[];
}

/** Adds to a fleet's settings what only the cluster knows of its Ingress, and says what its controller cannot do. */
export async function withIngress<Settings extends SettledFleet<unknown>>(
  api: Api,
  settings: Settings,
): Promise<ServedFleet<Settings>> {
  // Without a path, there is no Ingress: the cluster need not have a class.
  if (!hasPods(settings) || !usesIngress(settings.routing)) {
    return { settings: { ...settings, ingress: unservedIngress(settings.ingress) }, problems: [] };
  }
  const { ingress, problems } = await ingressOf(api, settings.ingress);
  const served: Pick<Fleet, "ingress"> = { ingress };
  return {
    settings: { ...settings, ingress },
    problems: problems.length > 0 ? problems : problemsOfController({ ...settings, ...served }),
  };
}

/**
 * The same for the program: what was found is for the report of all other checks.
 *
 * @throws pulumi.RunError that says why the cluster does not respond
 */
export async function askForIngress<
  Settings extends SettledFleet<unknown> & { readonly stack: string; readonly cluster: ClusterChoice },
>(
  loaded: Settings,
): Promise<Pick<ServedFleet<Settings>, "settings"> & { readonly api: Api; readonly findings: Finding[] }> {
  try {
    const api = connect(loaded.cluster);
    const { settings, problems } = await withIngress(api, loaded);
    return { settings, api, findings: problems.map((text) => ({ level: "error", text })) };
  } catch (error) {
    throw asShown(error, loaded.stack);
  }
}
