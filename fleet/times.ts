/** Seconds that a terminating pod keeps serving, so that routes drop it first. */
export const PRE_STOP_SECONDS = 5;
