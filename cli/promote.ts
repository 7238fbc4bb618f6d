import { isMap } from "../config/merge";
import { modelNames, modelTitle } from "../fleet/names";
import { pathOf } from "../fleet/objects";
import { type Api, connect } from "../kubernetes/api";
import { nearest } from "../lib/nearest";
import { say } from "../lib/progress";
import { UsageError, UserError } from "../lib/user-error";
import { catalogFile, change, type ChangeOptions, checkCanAsk } from "./change";
import { clusterOf } from "./cluster-of";
import { checkListed } from "./edits";
import { pulumiError } from "./pulumi-error";
import { SettingsFile } from "./settings-file";
import { openStack, type OpenStack } from "./stack";

const CATALOG = "modelfleet:catalog";

/** Makes a variant the champion of its model, and updates the stack. */
export async function promote(id: string, variant: string, options: ChangeOptions): Promise<void> {
  checkCanAsk(options);
  const opened = await openStack(options.stack);
  const settings = SettingsFile.read(opened.settingsFile);
  checkListed(settings, [id]);
  const own = catalogFile(opened, settings, id);
  if (own !== undefined)
    throw new UserError(
      `the settings of "${id}" are in ${own}, which this command does not edit; set \`champion: ${variant}\` there, and run \`pulumi up\``,
    );
  checkVariant(settings, id, variant);
  if (settings.get([CATALOG, id, "champion"]) === variant)
    say(`"${variant}" is the champion of "${id}" already.`);
  else await refuseUnready(opened, id, variant);
  await change(options, { settings: (file) => setChampion(file, id, variant), models: [id] }, opened);
}

/** Sets the champion of a model. @returns lines that say what it did */
export function setChampion(file: SettingsFile, id: string, variant: string): string[] {
  const before = file.get([CATALOG, id, "champion"]);
  if (before === variant) return [];
  file.set([CATALOG, id, "champion"], variant);
  return [`catalog.${id}.champion: ${before === undefined ? "" : `${String(before)} -> `}${variant}`];
}

/** @throws UsageError for a name that no variant of the model has, with the nearest one */
export function checkVariant(file: SettingsFile, id: string, variant: string): void {
  const variants = file.get([CATALOG, id, "variants"]);
  const names = isMap(variants) ? Object.keys(variants) : [];
  if (names.length === 0)
    throw new UsageError(`"${id}" has no variants; set catalog.${id}.variants, as in docs/variants.md`);
  if (names.includes(variant)) return;
  const near = nearest(variant, names);
  const fix = near === undefined ? `it has ${names.join(", ")}` : `did you mean "${near}"?`;
  throw new UsageError(`"${id}" has no variant "${variant}"; ${fix}`);
}

/** An update waits for the pods of what it changes; those of a variant that stays as it is may have failed meanwhile. */
async function refuseUnready(
  { name, stack, variables }: OpenStack,
  id: string,
  variant: string,
): Promise<void> {
  const asked = <T>(question: Promise<T>): Promise<T> =>
    question.catch(async (error: unknown) => {
      throw await pulumiError(error, name);
    });
  const [outputs, config] = await Promise.all([asked(stack.outputs()), asked(stack.getAllConfig())]);
  const namespace = String(outputs["namespace"]?.value ?? "");
  if (namespace === "") return;
  const why = await whyUnready(
    connect(clusterOf(config, variables)),
    namespace,
    modelNames(id, variant).deployment,
  );
  if (why !== undefined)
    throw new UserError(
      `${modelTitle(id, variant)} ${why}; \`npx modelfleet status ${id}\` says why. Nothing was changed`,
    );
}

/** Why requests cannot go to a Deployment; undefined if they can, or if an update is to make it. */
export async function whyUnready(
  api: Api,
  namespace: string,
  deployment: string,
): Promise<string | undefined> {
  const { status, body } = await api.get(pathOf("deployment", namespace, deployment));
  if (status !== 200) return undefined;
  const { spec, status: state } = body as {
    readonly spec?: { readonly replicas?: number };
    readonly status?: { readonly readyReplicas?: number };
  };
  const wanted = spec?.replicas ?? 1;
  const ready = state?.readyReplicas ?? 0;
  // A paused one starts, and is awaited, if the settings give it replicas now; without, they are refused.
  return wanted > 0 && ready === 0 ? `is not ready: 0 of ${wanted} pods` : undefined;
}
