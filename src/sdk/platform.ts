import type { Later } from '../client/timers.js';
import type { HttpFetch } from '../client/transport.js';

export type Listener = (event: { readonly type: string; readonly persisted?: boolean }) => void;

export interface Listenable {
  addEventListener(type: string, listener: Listener, options: { readonly signal: AbortSignal }): void;
}

/** The part of a page that is used; nothing of it is there outside of a browser. */
export interface Globals {
  readonly window?: Listenable;
  readonly document?: { readonly hidden: boolean };
  readonly navigator?: {
    readonly onLine?: boolean;
    /** Global Privacy Control, section 3.2. */
    readonly globalPrivacyControl?: unknown;
    readonly doNotTrack?: unknown;
  };
  readonly location?: { readonly host: string };
}

/** All that the tracker touches of its surroundings. */
export interface Platform {
  readonly globals: Globals;
  readonly fetch: HttpFetch;
  readonly later: Later;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never step back. */
  monotonicNow(): number;
  /** In [0, 1). */
  random(): number;
}

/** The surroundings that this runs in; reads nothing before it is called. */
export function browserPlatform(): Platform {
  return {
    globals: globalThis as unknown as Globals,
    // Looked up when it is called: one that is instrumented later is used.
    fetch: (url, request) => fetch(url, request),
    later(run, delayMs) {
      const handle = setTimeout(run, delayMs);
      return () => clearTimeout(handle);
    },
    now: Date.now,
    monotonicNow: () => performance.now(),
    random: Math.random,
  };
}
