import { isMap, mapOf } from "../../config/merge";
import { model, MODEL_DEFAULTS } from "../../config/model-schema";
import { liveness, readiness } from "../../config/settings/container";

type Values = Readonly<Record<string, unknown>>;

/** Maps with keys of any name, and those of which each key is a rule of its own. */
const FREE = [
  ...["env", "volumes", "labels", "annotations", "requests", "limits", "nodeSelector"],
  ...["affinity", "nodeAffinity", "podAffinity", "podAntiAffinity", "deploymentStrategy"],
];
/** Maps that mean none if they are empty, and the default if they are not there. */
const NONE_IF_EMPTY = ["requests", "limits", "emptyDir"];
/** A map in which a null has a meaning of its own, so that it is whole or not there. */
const WHOLE = "podSpec";

/** Settings that are the fleet's to say: a Deployment has no counterpart. All others the old pods say, by their fields or by none. */
const OF_THE_FLEET = ["plain", "protect", "disruptionBudget", "network", "host", "route"];
const SAID_BY_PODS = Object.keys(model.shape).filter((key) => !OF_THE_FLEET.includes(key));

/** Settings that differ from the defaults, and null for what the defaults say and the model has not. */
export function withoutDefaults(settings: Values, defaults: Values): Values {
  const unsaid = Object.fromEntries(SAID_BY_PODS.map((key) => [key, undefined]));
  return differing({ ...unsaid, ...settings }, defaults, BUILT_IN);
}

function differing(own: Values, defaults: Values, builtIn: Values): Values {
  const entries = Object.entries(own).flatMap(([key, value]): [string, unknown][] => {
    const base = defaults[key];
    if (value === undefined) return base === undefined ? [] : [[key, null]];
    if (!isMap(value) || key === WHOLE)
      return JSON.stringify(value) === JSON.stringify(base ?? builtIn[key]) ? [] : [[key, value]];
    const more = FREE.includes(key) ? Object.keys(mapOf(base)).filter((name) => !(name in value)) : [];
    const inner = {
      ...differing(value, mapOf(base), mapOf(builtIn[key])),
      ...Object.fromEntries(more.map((name) => [name, null])),
    };
    const isNone = NONE_IF_EMPTY.includes(key) && Object.keys(value).length === 0;
    return isNone || Object.keys(inner).length > 0 ? [[key, inner]] : [];
  });
  return Object.fromEntries(entries);
}

const BUILT_IN: Values = { ...MODEL_DEFAULTS, readiness: readiness.parse({}), liveness: liveness.parse({}) };
