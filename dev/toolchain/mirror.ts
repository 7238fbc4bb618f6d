import { UserError } from "../../lib/user-error";
import { shown } from "./fetch-file";

/** The variable that names a mirror, or turns downloads off. */
const VARIABLE = "MODELFLEET_DOWNLOADS";

/** Whether programs are downloaded, rather than always built. */
export function mayDownload(): boolean {
  return setting() !== "off";
}

/** A publisher's URL, or where the mirror that the environment names has the file: `<mirror>/<host>/<path>`. */
export function mirrored(url: string): string {
  const base = setting();
  return base === undefined ? url : `${base.replace(/\/+$/, "")}/${shown(new URL(url))}`;
}

/**
 * The mirror's URL, `off`, or undefined for the publishers' own servers.
 *
 * @throws UserError when the variable is neither; its value may have credentials, so the message does not show it.
 */
function setting(): string | undefined {
  const value = process.env[VARIABLE] || undefined;
  if (value === undefined || value === "off") return value;
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new UserError(
    `${VARIABLE} must be "off", or the URL of a mirror such as https://mirror.example.com/files: correct or unset it.`,
  );
}
