import { secondsOf } from "../lib/go-duration";

/** How long an operation may take if nothing says so, in seconds: the provider's own default. */
const DEFAULT_SECONDS = 600;

/** The seconds of one of a resource's `customTimeouts`. */
export function timeoutSeconds(text = ""): number {
  return secondsOf(text) ?? DEFAULT_SECONDS;
}
