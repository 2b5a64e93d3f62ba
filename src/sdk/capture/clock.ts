/** Time that passes; never the time of day. */
export interface CaptureClock {
  /** Monotonic milliseconds, fractions allowed. */
  now(): number;
  /** Calls `run` once after `delayMs`, never on the caller's stack; the answer takes that back. */
  after(delayMs: number, run: () => void): () => void;
}

export const platformClock: CaptureClock = {
  now: () => performance.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return () => clearTimeout(handle);
  },
};

/** The same clock, standing still wherever it would step back. */
export function steady(now: () => number): () => number {
  let latest = now();
  return () => {
    latest = Math.max(latest, now());
    return latest;
  };
}
