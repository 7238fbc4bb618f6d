import { RunError } from "@pulumi/pulumi";
import { UserError } from "./user-error";

/**
 * A UserError as Pulumi shows it: its message alone. Anything else comes back as it is, to be shown with its stack.
 *
 * The stack is dropped, and not only because nobody sees it: the SDK formats it all the same, and Node.js 20 takes
 * 15 seconds over the SDK's own frames in it.
 */
export function asRunError(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const shown = new RunError(error.message);
  shown.stack = error.message;
  return shown;
}
