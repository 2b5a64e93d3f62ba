/**
 * Seconds by which the clock of an issuer and ours may differ unless configured: more than clocks that are kept right
 * ever differ, and little beside the life of a token.
 */
export const defaultClockToleranceSeconds = 30;

/** The most that may be configured: whoever needs more has a clock to set right, and every token lives longer by it. */
export const maxClockToleranceSeconds = 300;
