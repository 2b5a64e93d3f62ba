const minuteMs = 60_000;

/** A minute of the clock. Every day zone begins its days with one, so no minute belongs to two days. */
export interface Minute {
  /** Minutes since 1970. */
  readonly number: number;
  /** Milliseconds until it is over: 1 to 60,000. */
  readonly endsInMs: number;
}

/** The minute in which an instant lies. */
export function minuteAt(instant: Date): Minute {
  const number = Math.floor(instant.getTime() / minuteMs);
  return { number, endsInMs: (number + 1) * minuteMs - instant.getTime() };
}
