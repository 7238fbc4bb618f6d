import { fleetSettings } from "../../config/fleet-schema";
import { partialModel, share, variantsOfModel } from "../../config/model-schema";
import { type SettingRow, settingRows } from "./setting-rows";

/** The page docs/settings.md, generated from the schemas that check the settings. */
export function settingsPage(): string {
  return `# Settings

Generated from \`config/fleet-schema.ts\` and \`config/model-schema.ts\`, and what these join, by \`npm run docs\`.

All settings are under \`modelfleet:\` in \`Pulumi.<stack>.yaml\`. A mistake in any of them, or a key that does not exist, fails the preview
and the update before anything is changed; one report has every mistake ([errors](errors.md)).

## The fleet

${table(settingRows(fleetSettings))}

## A model

In \`defaults\` and in \`catalog.<id>\`. The two are merged: maps by key, lists replaced, and \`null\` removes a default.

${table(settingRows(partialModel)).replace("| `image` | string | none |", "| `image` | string | required, here, in `defaults` or by `runtime` |")}

### Variants

In \`catalog.<id>\` only ([variants](variants.md)):

${table(settingRows(variantsOfModel))}

A variant, \`catalog.<id>.variants.<name>\`, has any setting of a model but \`path\`, \`aliases\`, \`route\` and \`protect\`, merged over the model's
own as those over \`defaults\`, and:

${table(settingRows(share))}

A model ID has 1 to 63 lower-case letters, digits and \`-\`, and begins with a letter. The keys of labels and annotations that the program
sets itself are refused; all others are yours.

## Outputs

| output | type | |
|---|---|---|
| \`urls\` | map of strings | URL of each model, by ID |
| \`models\` | map of maps | \`image\`, \`replicas\` and \`url\` of each model, by ID; of one with variants, those of its \`champion\`, and \`variants\` with the \`image\`, \`replicas\`, \`trafficPercent\`, \`mirrorPercent\` and \`headers\` of each |
| \`namespace\` | string | namespace of the fleet |
`;
}

function table(rows: readonly SettingRow[]): string {
  const lines = rows.map(
    ({ key, type, default: value, help }) => `| \`${key}\` | ${type} | ${value} | ${help} |`,
  );
  return ["| key | type | default | |", "|---|---|---|---|", ...lines].join("\n");
}
