import { z } from "zod";
import { MERGE_KEYS } from "../../fleet/merge-keys";
import { INITIALIZER, SERVER } from "../../fleet/names";
import { isMap } from "../merge";
import { pathText, problem, type Problem } from "../problem";
import { image, setting, text } from "../rules";
import type { VariantRule } from "../variant-rules";

/** A container in Kubernetes' own form. What is not named here, the cluster's own schema checks. */
const container = z.looseObject({
  name: text(
    'is not the name of a container (lower-case letters, digits and "-", at most 63)',
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  ),
  image,
});
export type RawContainer = z.output<typeof container>;

/** Settings in Kubernetes' own form. */
export const rawPodSettings = {
  initContainers: setting(
    z.array(container).optional(),
    "Containers that run one after another before the server starts, as in a pod. What they do not say of `securityContext` is as the server's, and `/tmp` is writable.",
    { otherwise: "none" },
  ),
  sidecars: setting(
    z.array(container).optional(),
    "Containers that run beside the server, as in a pod, for as long as it runs. They start before `initContainers`, and end after the server.",
    { otherwise: "none" },
  ),
  podSpec: setting(
    z.record(z.string(), z.unknown()).optional(),
    "Last resort: fields of the pod that no other setting has, laid over the result as `kubectl patch` does (a strategic merge): `containers: [{name: model, workingDir: /srv}]`. A null removes a field. Fields and their types are checked against the cluster's own schema.",
    { otherwise: "none" },
  ),
};

/** A pod's containers have one name each, and a sidecar is one by its list. */
export const containersOfPod: VariantRule = ({ at, settings }) => {
  const { initContainers = [], sidecars = [] } = settings;
  const all = [
    ...initContainers.map((one, index) => ({ list: "initContainers", one, index })),
    ...sidecars.map((one, index) => ({ list: "sidecars", one, index })),
  ];
  return all.flatMap(({ list, one, index }, place): Problem[] => {
    const path = pathText([list, index], at);
    const isOwn = [SERVER, INITIALIZER].includes(one.name);
    const isTaken = isOwn || all.slice(0, place).some((other) => other.one.name === one.name);
    const other = isOwn ? "a container of modelfleet itself" : "another container";
    const { restartPolicy } = one;
    return [
      ...(isTaken
        ? [problem(`${path}.name`, one.name, `is the name of ${other}`, "choose another name")]
        : []),
      ...(restartPolicy === undefined
        ? []
        : [
            problem(
              `${path}.restartPolicy`,
              undefined,
              "is set by the list",
              list === "sidecars" ? "remove it" : "remove it, or move the container to sidecars",
            ),
          ]),
    ];
  });
};

/** The API server takes a field's old name only where the other is not set, and the pods' account always is. */
export const oldNamesOfPod: VariantRule = ({ at, settings: { podSpec = {} } }) =>
  "serviceAccount" in podSpec
    ? [
        problem(
          pathText(["podSpec", "serviceAccount"], at),
          podSpec["serviceAccount"],
          "is the old name of a field",
          "use the setting serviceAccountName",
        ),
      ]
    : [];

/** An entry of a list is merged by a field of it. */
export const mergeKeysOfPod: VariantRule = ({ at, settings: { podSpec } }) =>
  withoutKeys(podSpec, ["podSpec"]).map(({ path, key }) =>
    problem(`${pathText(path, at)}.${key}`, undefined, "is missing", "the entry is merged by it"),
  );

function withoutKeys(
  value: unknown,
  path: readonly (string | number)[],
): { readonly path: readonly (string | number)[]; readonly key: string }[] {
  if (Array.isArray(value)) {
    const key = MERGE_KEYS[String(path.at(-1))];
    return value.flatMap((item, index) => {
      const here = [...path, index];
      const lacks = key !== undefined && isMap(item) && item[key] === undefined;
      return [...(lacks ? [{ path: here, key }] : []), ...withoutKeys(item, here)];
    });
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => withoutKeys(item, [...path, key]));
}
