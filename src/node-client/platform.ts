import type { HttpFetch } from '../client/transport.js';
import type { TrackerOptions } from './options.js';

/** What a tracker takes from the process around it. */
export interface Platform {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
  readonly fetch: HttpFetch;
}

/** What the options replace, and the process's own for the rest. */
export function platformOf({ clock, random, fetch: given }: TrackerOptions): Platform {
  return {
    now: () => (clock ? clock.now().getTime() : Date.now()),
    random: random ?? Math.random,
    // Looked up when it is called: one that is instrumented later is used.
    fetch: given ?? ((url, request) => fetch(url, request)),
  };
}
