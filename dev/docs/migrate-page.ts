import { CONTAINER_FIELDS, probeFields } from "../../cli/import/container";
import type { Field } from "../../cli/import/fields";
import { REFUSED } from "../../cli/import/kinds";
import { PREDICTOR_FIELDS, SERVICE_FIELDS } from "../../cli/import/kserve";
import { PREDICTOR_MODEL } from "../../cli/import/kserve-model";
import { RUNTIME_FIELDS } from "../../cli/import/kserve-runtime";
import { OWN_KEYS } from "../../cli/import/kserve-scaling";
import { MODEL_FIELDS as KUBEAI, PROFILE_FIELDS } from "../../cli/import/kubeai";
import { POD_FIELDS } from "../../cli/import/pod";
import { MODEL_FIELDS as SELDON } from "../../cli/import/seldon";
import { KSERVE_RUNTIMES } from "../../cli/import/servers";

/** The part of docs/migrate.md below this line is generated, from the tables by which the import reads documents. */
const MARK = "<!-- generated from cli/import/ by `npm run docs` -->\n";

/** The page with its tables as they are now. @param page As it is. */
export function migratePage(page: string): string {
  const [own] = page.split(MARK);
  return `${own ?? ""}${MARK}
## KServe's InferenceService

${table(SERVICE_FIELDS)}

Of a predictor, \`spec.predictor\` or \`spec.canary[].predictor\`:

${table(PREDICTOR_FIELDS)}

Of \`model\`, and of the fields \`sklearn\`, \`xgboost\` and so on of former versions, besides the fields of a container:

${table(PREDICTOR_MODEL.filter((field) => !CONTAINER_FIELDS.includes(field)))}

Of a ServingRuntime or ClusterServingRuntime, which becomes an entry of \`runtimes\` if a model of the import has it. ${builtIn()} are
built in, and need no document.

${table(RUNTIME_FIELDS)}

KServe's own annotations and labels: ${Object.keys(OWN_KEYS)
    .map((key) => `\`${key}\``)
    .join(", ")} are read; any other one of KServe or Knative is named as lost.

## A pod and a container

Wherever one is in a document of KServe. Of a pod:

${table(POD_FIELDS)}

Of a container:

${table(CONTAINER_FIELDS)}

Of its readiness probe; those of a liveness probe become \`liveness\` in the same way:

${table(probeFields("readiness"))}

## KubeAI's Model

${table(KUBEAI)}

Of a profile in \`resourceProfiles\` of KubeAI's Helm values, which becomes an entry of \`resourceProfiles\`:

${table(PROFILE_FIELDS)}

## Seldon's Model

${table(SELDON)}

## What is refused

| kind | |
|---|---|
${Object.entries(REFUSED)
  .map(([kind, text]) => `| \`${kind}\` | ${text} |`)
  .join("\n")}
`;
}

function builtIn(): string {
  const names = Object.entries(KSERVE_RUNTIMES).map(([name, own]) => `\`${name}\` (\`${own}\`)`);
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** A row for the fields that become the same, without those that are as they are anyway. */
function table(fields: readonly Field[]): string {
  const rows = new Map<string, string[]>();
  for (const { field, setting, text = "" } of fields) {
    if (setting === undefined && text === "") continue;
    const isSame = setting === field;
    const what = isSame ? "the same" : setting === undefined ? "none" : settingText(setting);
    const rest = `${what} | ${text.replaceAll(/http:\S+/g, "`$&`")} |`;
    rows.set(rest, [...(rows.get(rest) ?? []), `\`${field}\``]);
  }
  const lines = [...rows].map(([rest, names]) => `| ${names.join(", ")} | ${rest}`);
  return ["| field | setting | |", "|---|---|---|", ...lines].join("\n");
}

/** Names of settings as code; a phrase stays as it is. */
function settingText(setting: string): string {
  const isNames = setting.split(", ").every((name) => /^[\w.<>]+$/.test(name));
  if (!isNames) return setting;
  return setting
    .split(", ")
    .map((name) => `\`${name}\``)
    .join(", ");
}
