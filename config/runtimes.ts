import { artefactOf } from "../fleet/artefact";
import { referencesIn } from "../fleet/references";
import { nearest } from "../lib/nearest";
import { isMap, merge } from "./merge";
import { PRESETS } from "./presets";
import { pathText, problem, type Problem } from "./problem";
import { textsOf } from "./settings/environment";
import type { VariantRule } from "./variant-rules";

/** The settings of another server, which say nothing about a runtime's. */
const OF_ANOTHER = { command: null, args: null, streams: null };

/** The settings of a runtime: a preset, one of the fleet's own, or a preset that the fleet changes. */
function presetOf(name: unknown, runtimes: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof name !== "string") return undefined;
  const own = isMap(runtimes) && Object.hasOwn(runtimes, name) ? runtimes[name] : undefined;
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name]?.settings : undefined;
  // An unknown one is a problem of its own: that it lacks an image is none.
  return own === undefined && preset === undefined
    ? { image: "unknown" }
    : (merge(preset ?? {}, own ?? {}) as Record<string, unknown>);
}

/**
 * The layers of a model's settings, the uppermost last, with the runtime that the uppermost one names just below that: it wins over
 * what `defaults` say of another server, and the settings beside its name win over it.
 *
 * @param runtimes The fleet's own, by name.
 */
export function withRuntime(layers: readonly unknown[], runtimes: unknown): unknown[] {
  const naming = layers.findLastIndex((layer) => isMap(layer) && layer["runtime"] !== undefined);
  const layer = layers[naming];
  const preset = isMap(layer) ? presetOf(layer["runtime"], runtimes) : undefined;
  return preset === undefined ? [...layers] : layers.toSpliced(naming, 0, { ...OF_ANOTHER, ...preset });
}

/** The names of no runtime, each where it is written, of models that are not active too. */
export function unknownRuntimes(settings: Readonly<Record<string, unknown>>): Problem[] {
  const { defaults, catalog, runtimes } = settings;
  const known = [
    ...new Set([...Object.keys(PRESETS), ...Object.keys(isMap(runtimes) ? runtimes : {})]),
  ].sort();
  const entries = Object.entries(isMap(catalog) ? catalog : {});
  const places: [path: string[], settings: unknown][] = [
    [["defaults"], defaults],
    ...entries.flatMap(([id, entry]): [string[], unknown][] => {
      const variants = isMap(entry) && isMap(entry["variants"]) ? entry["variants"] : {};
      const path = ["catalog", id];
      return [
        [path, entry],
        ...Object.entries(variants).map(([name, own]): [string[], unknown] => [
          [...path, "variants", name],
          own,
        ]),
      ];
    }),
  ];
  return places.flatMap(([path, own]) => {
    const name = isMap(own) ? own["runtime"] : undefined;
    if (typeof name !== "string" || known.includes(name)) return [];
    const near = nearest(name, known);
    const fix =
      near === undefined ? `known: ${known.join(", ")}, and those of runtimes` : `did you mean "${near}"?`;
    return [problem(pathText([...path, "runtime"]), name, "is no runtime", fix)];
  });
}

/** A runtime that loads an artefact, of a model that has none. */
export const missingArtefact: VariantRule = ({ at, settings }) => {
  const { runtime, env, command = [] } = settings;
  if (runtime === undefined || artefactOf(settings) !== undefined || env["MODEL_PATH"] !== undefined)
    return [];
  const texts = [...command, ...Object.values(textsOf(env))];
  if (!texts.some((text) => referencesIn(text).includes("MODEL_PATH"))) return [];
  const rule = `is missing: the runtime "${runtime}" loads the model from it`;
  return [
    problem(`${at}.storageUri`, undefined, rule, "set it, or env.MODEL_PATH if the image has the model"),
  ];
};

/** What the texts of a runtime refer to, and the setting that says it. */
const SAID_BY = { PORT: "port", MODEL_PATH: "storageUri" } as const;

/**
 * A variable or a flag of a runtime that somebody set to another text, so that the server would listen, or look for its
 * model, elsewhere than the settings say.
 */
export const contradictedRuntime: VariantRule = ({ at, settings, fleet }) => {
  const preset = presetOf(settings.runtime, fleet.runtimes) as {
    env?: Record<string, string>;
    command?: string[];
  };
  if (preset === undefined) return [];
  const { args = [], port } = settings;
  const env = textsOf(settings.env);
  const isSaid = (name: string, text: string) =>
    referencesIn(text).includes(name) || (name === "PORT" && text === String(port));
  const variables = Object.entries(preset.env ?? {}).map(
    ([name, text]) => [`env.${name}`, text, env[name]] as const,
  );
  const flags = (preset.command ?? []).flatMap((text) => {
    const [flag = ""] = text.split("=");
    const index = args.findIndex((arg) => flag.startsWith("--") && arg.split("=")[0] === flag);
    return index < 0 ? [] : [[`args[${index}]`, text, args[index]] as const];
  });
  return [...variables, ...flags].flatMap(([key, theirs, own]) =>
    Object.entries(SAID_BY).flatMap(([name, setting]) => {
      const says = setting === "port" ? port : settings.storageUri;
      if (
        own === undefined ||
        says === undefined ||
        !referencesIn(theirs).includes(name) ||
        isSaid(name, own)
      )
        return [];
      const rule = `contradicts ${setting} (${says}): the runtime "${settings.runtime}" has $(${name}) there`;
      return [problem(`${at}.${key}`, undefined, rule, `remove it, and set ${setting}`)];
    }),
  );
};
