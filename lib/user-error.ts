/**
 * A mistake that the person at the keyboard can mend. It is shown as its message alone; anything else that is thrown
 * is a fault of this project and is shown with its stack.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}
