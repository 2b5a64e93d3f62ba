import { StoreUnavailable } from '../../domain/ports/index.js';
import { storeReasons } from './reasons.js';

export interface TurnLimits {
  /** How many run at once. */
  readonly atOnce: number;
  /** How many wait at the most. */
  readonly waiting: number;
  readonly waitMs: number;
}

/** Two of them leave the other connections to those who read pages; the rest waits shorter than a gateway does. */
export const countTurns: TurnLimits = { atOnce: 2, waiting: 200, waitMs: 3_500 };

/** A statistic may take a core for a second. */
export const statsTurns: TurnLimits = { atOnce: 2, waiting: 100, waitMs: 10_000 };

/** Lets a few run at once and the rest wait in order; rejects with `StoreUnavailable` what waits too long or too deep. */
export function createTurns({
  atOnce,
  waiting,
  waitMs,
}: TurnLimits): <T>(work: () => Promise<T>) => Promise<T> {
  const line: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running < atOnce) running += 1;
    else await turn();
    try {
      return await work();
    } finally {
      // Whoever is next takes over this place.
      const next = line.shift();
      if (next) next();
      else running -= 1;
    }
  };

  function turn(): Promise<void> {
    const busy = (): StoreUnavailable => new StoreUnavailable(null, storeReasons.busy);
    if (line.length >= waiting) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        line.splice(line.indexOf(go), 1);
        reject(busy());
      }, waitMs);
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      line.push(go);
    });
  }
}
