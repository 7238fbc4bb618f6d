/**
 * A mistake that the user can fix. It is printed as its message only; any other error is a bug of this project and is
 * printed with its stack.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** A command line that no command accepts: `main` ends with exit code 2, and nothing was done. */
export class UsageError extends UserError {
  override readonly name = "UsageError";
}
