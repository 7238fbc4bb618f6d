import { createNamespace } from "./components/fleet-namespace";
import { ModelIngress } from "./components/model-ingress";
import { ModelService } from "./components/model-service";
import { createPullSecret } from "./components/pull-secret";
import { loadSettings } from "./config/load";
import { claimNames } from "./ownership/check";

const settings = loadSettings();
const { stack, registry, ingress, url } = settings;
const { ownsNamespace } = await claimNames(settings);

/** Where the fleet is. */
export const namespace = ownsNamespace
  ? createNamespace(settings.namespace, stack).metadata.name
  : settings.namespace;

const pullSecret = registry && createPullSecret({ namespace, stack }, registry).metadata.name;

const routes = settings.models.map((model) => {
  const { serviceName } = new ModelService(model.id, { ...model, namespace, stack, pullSecret });
  return { id: model.id, path: model.path, service: serviceName };
});

const front = new ModelIngress("models", { ...ingress, namespace, stack, pullSecret, routes, url });

/** URL of each model, by ID. */
export const urls = front.urls;

/** What runs, by model ID. */
export const models = Object.fromEntries(
  settings.models.map(({ id, image, replicas }) => [id, { image, replicas, url: urls[id] }]),
);
