/**
 * A mistake that the user can fix. It is printed as its message only; any other error is a bug of this project and is
 * printed with its stack.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}
