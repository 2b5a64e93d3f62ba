/** Says on standard error what runs and how long the rest will take. */
export interface Progress {
  /** Runs one piece of work that was announced to take `seconds`. */
  step<T>(label: string, seconds: number, work: () => Promise<T>): Promise<T>;
}

/**
 * The time left is what was announced for the rest, stretched by how far the announcements were off so far.
 * `totalSeconds` is the sum of all of them.
 */
export function createProgress(
  totalSeconds: number,
  write: (line: string) => void,
  now: () => number,
): Progress {
  const startedAt = now();
  let announced = 0;
  return {
    async step(label, seconds, work) {
      const spent = (now() - startedAt) / 1_000;
      const left = secondsLeft(totalSeconds, announced, spent);
      write(`bench: ${label}, about ${duration(left)} left\n`);
      const result = await work();
      announced += seconds;
      return result;
    },
  };
}

/** Seconds that the rest will take, given how much of the total was announced and how long that really took. */
export function secondsLeft(total: number, announced: number, spent: number): number {
  // A first short step says nothing about the rest.
  const pace = announced < total / 20 ? 1 : spent / announced;
  return Math.max(0, total - announced) * pace;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds / 5) * 5;
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
