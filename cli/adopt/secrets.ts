import { isMap, mapOf } from "../../config/merge";
import { secretsInPlainText } from "../../config/plain-text";
import { leavesOf } from "../../config/plain-values";
import { SERVER } from "../../fleet/names";
import type { FleetView } from "./fleet";
import type { Draft } from "./remarks";

type Values = Readonly<Record<string, unknown>>;

/** Headers of a probe or a hook that log somebody in, in lower case. */
const LOGIN_HEADERS = ["authorization", "proxy-authorization", "cookie"];
/** Lists in volumes whose field `key` is that of an object, or of a label. */
const KEY_LISTS = ["items", "matchExpressions"];

/**
 * Refuses secrets in plain text in all but the server's variables, which become secrets of the settings. A name in
 * `defaults.plain` is none.
 */
export function refuseSecrets(entry: Values, { defaults }: Pick<FleetView, "defaults">, draft: Draft): void {
  const holdsSecret = (settings: Values) => {
    const own = { catalog: { [draft.id]: settings }, defaults: { plain: defaults["plain"] } };
    return secretsInPlainText(own).some((line) => line.startsWith("catalog."));
  };
  const { command, args, initContainers, sidecars, podSpec, labels, annotations, service } = entry;
  if (holdsSecret({ command, args }))
    draft.problem(
      "its command or args hold a secret; put it into a variable of the old Deployment, and refer to it there as $(NAME)",
    );
  const orPlain = "if it is none, add its name to defaults.plain";
  for (const one of [...listOf(initContainers), ...listOf(sidecars)])
    if (holdsSecret({ sidecars: [one] }))
      draft.problem(
        `its container ${String(one["name"])} holds a secret in plain text; in the old Deployment, make it a variable with valueFrom.secretKeyRef, and write $(NAME) for it in command and args; ${orPlain}`,
      );
  if (holdsSecret({ podSpec }))
    draft.problem(
      `its pods hold a secret in plain text beside the variables of the server (${Object.keys(podSpec as object).join(", ")}); take it out of the old Deployment; ${orPlain}`,
    );
  if (holdsSecret({ labels, annotations, service }))
    draft.problem("its labels or annotations hold a secret in plain text; take it out of the old objects");
  const pod = mapOf(podSpec);
  const lists = [initContainers, sidecars, pod["initContainers"], pod["containers"]];
  for (const one of lists.flatMap(listOf)) refuseHeaders(one, draft);
  for (const volume of listOf(pod["volumes"]))
    for (const { path, name = "", value } of valuesOfVolume(volume))
      if (holdsSecret({ env: { [name]: value } }))
        draft.problem(
          `its volume ${String(volume["name"])} holds a secret in plain text (${path.join(".")}); take it out of the old Deployment; ${orPlain}`,
        );
}

function refuseHeaders(container: Values, draft: Draft): void {
  const name = String(container["name"]);
  const where = name === SERVER ? "its server" : `its container ${name}`;
  const names = headersOf(container).map((header) => String(header["name"]));
  for (const header of new Set(names.filter((one) => LOGIN_HEADERS.includes(one.toLowerCase()))))
    draft.problem(
      `${where} has the header ${header} in a probe or a hook, which would be a secret in plain text; let the server answer it without one, or ask by exec`,
    );
}

/** The `httpHeaders` of all probes and hooks in a value. */
function headersOf(value: unknown): readonly Values[] {
  if (Array.isArray(value)) return value.flatMap(headersOf);
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === "httpHeaders" ? listOf(one) : headersOf(one),
  );
}

function valuesOfVolume(volume: Values) {
  return leavesOf(volume).filter(({ path }) => !KEY_LISTS.some((list) => path.includes(list)));
}

function listOf(value: unknown): readonly Values[] {
  return Array.isArray(value) ? (value as Values[]) : [];
}
