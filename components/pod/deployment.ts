import type { types } from "@pulumi/kubernetes";
import { podsOfFleet, selectorLabels } from "../../fleet/owner";
import { type Part, type PodSettings, podTemplate, type ServerArgs, together } from "./part";
import { artefact } from "./parts/artefact";
import { container, pullSecret } from "./parts/container";
import { initContainers, sidecars } from "./parts/containers";
import { environment } from "./parts/environment";
import { identity } from "./parts/identity";
import { metrics } from "./parts/metrics";
import { devices, placement } from "./parts/placement";
import { probes } from "./parts/probes";
import { rollout } from "./parts/rollout";
import { volumes } from "./parts/volumes";

/** Every capability of a pod. A new one is a file in `parts/` and a line here. */
const PARTS: readonly Part[] = [
  ...[container, environment, volumes, identity, probes, pullSecret, metrics],
  // In the order in which they start.
  ...[sidecars, artefact, initContainers],
  ...[placement, devices, rollout],
];

/** The spec of a Deployment that drops no request and passes the `restricted` Pod Security Standard. */
export function deploymentSpec(settings: PodSettings, args: ServerArgs): types.input.apps.v1.DeploymentSpec {
  const selector = selectorLabels(args.name, args.stack, args.variant);
  const labels = { ...settings.labels, ...selector, ...podsOfFleet(args.stack) };
  const own = { annotations: settings.annotations };
  const { deployment, ...pod } = together([own, ...PARTS.map((part) => part(settings, args))]);
  return {
    ...deployment,
    selector: { matchLabels: selector },
    template: podTemplate(pod, labels, settings.podSpec),
  };
}
