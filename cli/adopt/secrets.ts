import { secretsInPlainText } from "../../config/plain-text";
import type { FleetView } from "./fleet";
import type { Draft } from "./remarks";

type Values = Readonly<Record<string, unknown>>;

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
}

function listOf(value: unknown): readonly Values[] {
  return Array.isArray(value) ? (value as Values[]) : [];
}
