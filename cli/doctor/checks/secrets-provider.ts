import { basename } from "node:path";
import { readIfThere } from "../../../lib/read-if-there";
import { UserError } from "../../../lib/user-error";
import { type Facts, unreadable } from "../facts";
import type { Check, Finding } from "../finding";

const PASSPHRASE = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];
const EXPORT = "`export PULUMI_CONFIG_PASSPHRASE=...`, or PULUMI_CONFIG_PASSPHRASE_FILE";

/** Secrets that cannot be decrypted, and a passphrase that is not there. */
export const secretsProvider: Check = {
  of: "secrets",
  look: async (facts) => {
    const isMissing = await lacksPassphrase(facts);
    try {
      await facts.config();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [
        undecrypted(
          facts,
          error.message,
          isMissing,
          (await facts.readableConfig().catch(unreadable)) === undefined,
        ),
      ];
    }
    return isMissing ? [withoutPassphrase(facts)] : [];
  },
};

function undecrypted(
  { settingsFile }: Facts,
  why: string,
  isMissing: boolean,
  isUnreadable: boolean,
): Finding {
  const file = basename(settingsFile);
  if (isUnreadable) return { problem: `${file} cannot be read: ${why}`, fix: `correct ${file}` };
  const fix = isMissing ? EXPORT : "give the passphrase or the key with which they were encrypted";
  return { problem: `the secrets in ${file} cannot be decrypted: ${why}`, fix };
}

function withoutPassphrase({ name }: Facts): Finding {
  return {
    problem: `the secrets of stack ${name} need a passphrase, and no variable has it: \`pulumi\` asks on a terminal, and fails elsewhere`,
    fix: EXPORT,
  };
}

async function lacksPassphrase(facts: Facts): Promise<boolean> {
  // Also empty: an empty passphrase is one.
  if (PASSPHRASE.some((name) => facts.environment[name] !== undefined)) return false;
  const state = await facts.state().catch(unreadable);
  const isNamed = /^encryptionsalt:/m.test(readIfThere(facts.settingsFile));
  return isNamed || state?.secretsProvider === "passphrase";
}
