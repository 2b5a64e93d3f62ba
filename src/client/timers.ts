/**
 * Calls `run` once after `delayMs`, never on the caller's stack; what it answers prevents that. All that queueing
 * and sending need to know of time that passes.
 */
export type Later = (run: () => void, delayMs: number) => () => void;
