import { UserError } from "../../lib/user-error";
import { cluster } from "./checks/cluster";
import { leftovers } from "./checks/leftovers";
import { locks } from "./checks/locks";
import { lost } from "./checks/lost";
import { pending } from "./checks/pending";
import { secretsProvider } from "./checks/secrets-provider";
import { settings } from "./checks/settings";
import { sizes } from "./checks/sizes";
import { unusedSecrets } from "./checks/unused-secrets";
import { versions } from "./checks/versions";
import type { Facts } from "./facts";
import { type Check, type Finding, oneLine } from "./finding";

/** Every check, in the order of the report and of the fixes. A new one is a file in `checks/` and a line here. */
const CHECKS: readonly Check[] = [
  versions,
  secretsProvider,
  settings,
  sizes,
  cluster,
  locks,
  pending,
  lost,
  leftovers,
  unusedSecrets,
];

/** What a check found, or why it could not look. */
export interface Report {
  readonly findings: readonly (Finding & { readonly check: string })[];
  readonly unseen: readonly { readonly check: string; readonly why: string }[];
}

/** Runs every check; one that cannot look stops no other. */
export async function examine(facts: Facts, checks: readonly Check[] = CHECKS): Promise<Report> {
  const results = await Promise.all(
    checks.map(async ({ of: check, look }): Promise<Report> => {
      try {
        return { findings: (await look(facts)).map((one) => ({ ...one, check })), unseen: [] };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { findings: [], unseen: [{ check, why: oneLine(error.message) }] };
      }
    }),
  );
  return {
    findings: results.flatMap(({ findings }) => findings),
    unseen: results.flatMap(({ unseen }) => unseen),
  };
}
