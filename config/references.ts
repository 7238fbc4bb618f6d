import { type ArtefactSettings, artefactVariables } from "../fleet/artefact";
import { circleIn, referencesIn } from "../fleet/references";
import { nearest } from "../lib/nearest";
import type { ModelSettings } from "./model-schema";
import { problem, type Problem } from "./problem";
import { textsOf } from "./settings/environment";

/** The settings of a model that refer to variables, or make some. */
type Referring = Pick<ModelSettings, "env" | "command" | "args" | "envFrom" | "readOnlyRootFilesystem"> &
  ArtefactSettings & { readonly runtime?: string | undefined };

/**
 * References to variables that Kubernetes would leave as they are, without a word.
 *
 * @param at Path of the settings, such as `catalog.iris`.
 * @param secretNames Names of the secret environment, which every reference may use.
 */
export function problemsOfReferences(
  at: string,
  settings: Referring,
  secretNames: readonly string[],
): Problem[] {
  const { env, command = [], args = [], envFrom = [], readOnlyRootFilesystem, runtime } = settings;
  // A runtime that lacks an artefact is a problem of its own.
  const ofArtefact =
    runtime === undefined ? Object.keys(artefactVariables(settings)) : ["MODEL_PATH", "MODEL_REVISION"];
  const own = ["MODEL_NAME", "PORT", ...(readOnlyRootFilesystem ? ["HOME"] : []), ...ofArtefact];
  const known = new Set([...secretNames, ...Object.keys(env), ...own]);
  const values = textsOf(env);
  const texts = [
    ...Object.entries(values).map(([name, text]) => [`env.${name}`, text] as const),
    ...command.map((text, index) => [`command[${index}]`, text] as const),
    ...args.map((text, index) => [`args[${index}]`, text] as const),
  ];
  // The keys of other objects are variables too, and only the cluster knows them.
  const isOpen = envFrom.length > 0;
  const unknown = texts.flatMap(([key, text]) =>
    referencesIn(text)
      .filter((name) => !isOpen && !known.has(name))
      .map((name) => {
        const near = nearest(name, [...known]);
        const meant = near === undefined ? "set it in env or secrets." : `did you mean "${near}"?`;
        const rule = `refers to $(${name}), and there is no such variable`;
        return problem(`${at}.${key}`, undefined, rule, `${meant} To keep the text, write $$(${name})`);
      }),
  );
  const circle = circleIn(values);
  if (circle === undefined) return unknown;
  const rule = `refers to itself (${circle.join(" -> ")})`;
  return [
    ...unknown,
    problem(`${at}.env.${circle[0]}`, undefined, rule, "give one of these variables a text of its own"),
  ];
}
