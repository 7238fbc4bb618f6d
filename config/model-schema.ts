import { z } from "zod";
import { headers } from "./headers";
import { setting, text } from "./rules";
import { artefactSettings } from "./settings/artefact";
import { containerSettings } from "./settings/container";
import { environmentSettings } from "./settings/environment";
import { identitySettings } from "./settings/identity";
import { objectSettings } from "./settings/objects";
import { placementSettings } from "./settings/placement";
import { protectionSettings } from "./settings/protection";
import { rawPodSettings } from "./settings/raw-pod";
import { rolloutSettings } from "./settings/rollout";
import { routeSettings } from "./settings/routes";
import { scalingSettings } from "./settings/scaling";
import { securitySettings } from "./settings/security";
import { partialVolumes, volumeSettings } from "./settings/volumes";

const variantName = text(
  'is not the name of a variant (lower-case letters, digits and "-"; neither first nor last "-"; at most 63)',
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
);

/** The settings of one model, each with its rule, its help and its default. A new one goes to its group in `settings/`. */
const settings = {
  ...containerSettings,
  ...environmentSettings,
  ...volumeSettings,
  ...securitySettings,
  ...rawPodSettings,
  ...artefactSettings,
  ...identitySettings,
  ...placementSettings,
  ...scalingSettings,
  ...rolloutSettings,
  ...protectionSettings,
  ...routeSettings,
  ...objectSettings,
};

/** The settings of a model as components get them: merged, checked, with every default applied. */
export const model = z.strictObject(settings);
export type ModelSettings = z.output<typeof model>;

/** The settings of a model as people write them, in `defaults` and in a `catalog` entry, which are merged first. */
export const partialModel = model.partial().extend({ volumes: partialVolumes });

/** Which requests a variant gets that is not the champion. */
export const share = z.strictObject({
  trafficPercent: setting(
    z.int().min(0).max(100).optional(),
    "Share of the requests, in per cent. The champion has the rest. Without effect on the champion, as the two below.",
    { otherwise: "0" },
  ),
  mirrorPercent: setting(
    z.int().min(0).max(100).optional(),
    "Share of the requests of which the variant gets a copy, in per cent; its answers are dropped. Not together with `trafficPercent`.",
    { otherwise: "0" },
  ),
  headers: setting(
    headers.optional(),
    "Requests with all of these headers go to the variant, besides its share.",
    {
      otherwise: "none",
    },
  ),
});

const OF_MODELS = { path: true, aliases: true, host: true, route: true, protect: true } as const;

/** The settings that are those of the whole model. */
export const SHARED_SETTINGS = Object.keys(OF_MODELS) as readonly (keyof typeof OF_MODELS)[];

/** The settings of a variant: those of its model that may differ, and its share of the requests. */
export const partialVariant = partialModel.omit(OF_MODELS).extend(share.shape);
export type VariantSettings = z.output<typeof partialVariant>;

/** The settings of a runtime: those of its models that are not about one model. */
export const runtime = partialModel.omit({
  ...OF_MODELS,
  ...{ runtime: true, storageUri: true, revision: true, sha256: true, cache: true, host: true },
});

/** What a `catalog` entry has besides the settings of a model. */
export const variantsOfModel = z.strictObject({
  champion: setting(
    z.string().optional(),
    "Name of the variant that the model's paths lead to. Another name is a promotion: no pod restarts, only the routes change.",
    { otherwise: "required with `variants`" },
  ),
  variants: setting(
    z.record(variantName, partialVariant).optional(),
    "Variants of the model by name, each with its own Deployment, Service and Secret: `<id>-<name>`, or `<id>` for the variant `default`, which a model without variants has. The model's settings are the defaults of each; any of them may differ but `path`, `aliases`, `host`, `route` and `protect`.",
    { otherwise: "the model has one" },
  ),
});

/** A `catalog` entry as people write it. */
export const catalogEntry = partialModel.extend(variantsOfModel.shape);
export type PartialModelSettings = z.input<typeof catalogEntry>;

/** The lowest layer of that merge. Nested settings apply their own defaults: see `resources`. */
export const MODEL_DEFAULTS: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(settings).flatMap(([key, rule]) => {
    if (rule instanceof z.ZodObject || key === "resources") return [[key, {}]];
    const { default: value } = rule.meta() ?? {};
    return value === undefined ? [] : [[key, value]];
  }),
);
