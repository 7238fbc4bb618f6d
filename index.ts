import { createProvider } from "./components/provider";
import { createNamespace } from "./components/namespace";
import { ModelIngress } from "./components/routing/model-ingress";
import { ModelService } from "./components/model-service";
import { createPullSecret } from "./components/pull-secret";
import { loadSettings } from "./config/load";
import { claimNames } from "./ownership/check";

const settings = await loadSettings();
const { stack, registry, ingress, url } = settings;
const { ownsNamespace } = await claimNames(settings);

const provider = createProvider(settings.cluster);

/** Where the fleet is. */
export const namespace = ownsNamespace
  ? createNamespace(settings.namespace, stack, { provider }).metadata.name
  : settings.namespace;

const pullSecret = registry && createPullSecret({ namespace, stack }, registry, { provider }).metadata.name;

const routes = settings.models.map((model) => {
  const { serviceName } = new ModelService(
    model.id,
    { ...model, namespace, stack, pullSecret },
    { provider },
  );
  return { id: model.id, path: model.path, service: serviceName };
});

const front = new ModelIngress(
  "models",
  { ...ingress, namespace, stack, pullSecret, routes, url },
  { provider },
);

/** URL of each model, by ID. */
export const urls = front.urls;

/** What runs, by model ID. */
export const models = Object.fromEntries(
  settings.models.map(({ id, image, replicas }) => [id, { image, replicas, url: urls[id] }]),
);
