import { parse } from "yaml";
import { isMap } from "../../config/merge";
import { PREFIX } from "../../config/prefix";
import { isSecretKey } from "../../config/secrecy";
import { readIfThere } from "../../lib/read-if-there";
import { UserError } from "../../lib/user-error";
import { valueAt } from "./fields";

/** The settings that the models are to join, by key without prefix; a word stands for each encrypted value. */
export type Base = Readonly<Record<string, unknown>>;

/**
 * Reads a stack's settings file, which knows what no document of another system says: the Gateway, the address of
 * Prometheus.
 *
 * @param path The file. @default no settings
 */
export function readBase(path: string | undefined): Base {
  if (path === undefined) return {};
  const text = readIfThere(path);
  if (text === "") throw new UserError(`${path} is no settings file of a stack: it is empty, or not there`);
  const config = configOf(text);
  if (!isMap(config)) throw new UserError(`${path} is no settings file of a stack: it has no map "config"`);
  const own = Object.entries(config)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => [key.slice(PREFIX.length), value] as const);
  return Object.fromEntries(
    own.map(([key, value]) => [key, isSecretKey(key) ? withoutValues(value) : value]),
  );
}

/** Encrypted values are of no use here, but that they are set is. */
function withoutValues(value: unknown): unknown {
  if (!isMap(value)) return value;
  if ("secure" in value) return "encrypted";
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutValues(one)]));
}

function configOf(text: string): unknown {
  try {
    return valueAt(parse(text, { merge: true }), "config");
  } catch {
    return undefined;
  }
}

/** Whether requests are routed by HTTPRoutes alone, which can share them between variants. */
export function hasRoutes(base: Base): boolean {
  return valueAt(base, "routing.flavour") === "gateway";
}

/** Whether autoscaling by numbers of requests is possible. */
export function hasPrometheus(base: Base): boolean {
  return valueAt(base, "scaling.prometheusUrl") !== undefined;
}
