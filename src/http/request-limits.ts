import { limits } from '../contract/index.js';

/**
 * What one process takes in. The numbers are for the process and not for an address, because a gateway is one address.
 * They are no settings: a container of 512 MB holds all of it, and what needs more needs another replica.
 */
export const requestLimits = {
  /** Bytes of all bodies in flight whose sender is known: 64 of the largest. */
  vouchedBytes: 64 * limits.maxBodyBytes,
  /** Bytes of all bodies in flight whose sender is not known yet, beside those above. */
  unvouchedBytes: 16 * limits.maxBodyBytes,
  /** Milliseconds after which a body that is still arriving gives way to others where there is no room left. */
  slowBodyMs: 1_000,
  /** Open connections. A gateway holds some hundred; each costs about 20 kB. */
  connections: 4_096,
  /** Milliseconds without any progress after which an answer that is not read is given up. */
  stalledAnswerMs: 10_000,
  /** Milliseconds for which the rest of a refused body is thrown away, so that its sender reads why. */
  lingerMs: 1_000,
} as const;
