import { UserError } from "../lib/user-error";

/** There is no stack of this name in the backend. */
export class NoSuchStack extends UserError {}

/**
 * Converts an error of Pulumi's Automation API to a UserError that says what to do. Returns any other error unchanged.
 *
 * @param stack The stack that the command is about. @default unknown
 */
export async function pulumiError(error: unknown, stack?: string): Promise<unknown> {
  const { CommandError, StackNotFoundError } = await import("@pulumi/pulumi/automation/index.js");
  if (!(error instanceof CommandError)) return error;
  if (/\bENOENT\b/.test(error.message)) {
    return new UserError(
      "pulumi is not on PATH: install it (https://www.pulumi.com/docs/install/), or add its folder to PATH",
    );
  }
  if (error instanceof StackNotFoundError) {
    return new NoSuchStack(
      `there is no stack "${stack}": \`pulumi stack ls\` lists those of the backend that \`pulumi whoami --verbose\` shows`,
    );
  }
  return new UserError(reasonOf(error.message));
}

/** Pulumi's error lines; its whole output if it has none. */
export function reasonOf(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  // A set, since the message of the Automation API holds the output of pulumi twice.
  const errors = new Set(lines.flatMap((line) => /^error: (.*)/.exec(line)?.[1] ?? []));
  return errors.size > 0 ? [...errors].join("\n") : message.trim();
}
