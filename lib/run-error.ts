import { RunError } from "@pulumi/pulumi";
import { UserError } from "./user-error";

/**
 * Converts a UserError to an error that Pulumi prints as its message only. Returns any other error unchanged; Pulumi
 * prints its stack.
 *
 * The result has no stack: the SDK would format it without printing it, for which Node.js 20 takes 15 seconds.
 */
export function asRunError(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const shown = new RunError(error.message);
  shown.stack = error.message;
  return shown;
}
