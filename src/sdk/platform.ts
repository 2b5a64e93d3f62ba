import type { Timers } from './core/timers.js';
import { type HttpFetch, platformFetch } from './core/transport.js';

export type Listener = (event: { readonly type: string; readonly persisted?: boolean }) => void;

export interface Listenable {
  addEventListener(
    type: string,
    listener: Listener,
    options: { readonly capture: true; readonly signal: AbortSignal },
  ): void;
}

/** The part of a page that is used; nothing of it is there outside of a browser. */
export interface Globals {
  readonly window?: Listenable;
  readonly document?: { readonly visibilityState: string };
  readonly navigator?: {
    readonly onLine?: boolean;
    /** Global Privacy Control, section 3.2. */
    readonly globalPrivacyControl?: unknown;
    readonly doNotTrack?: unknown;
  };
  readonly location?: { readonly host: string };
  requestIdleCallback?(run: () => void, options: { readonly timeout: number }): unknown;
}

/** All that the tracker touches of its surroundings. */
export interface Platform {
  readonly globals: Globals;
  readonly fetch: HttpFetch;
  readonly timers: Timers;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never step back. */
  ticks(): number;
  /** In [0, 1). */
  random(): number;
}

/** The surroundings that this runs in; reads nothing before it is called. */
export function browserPlatform(): Platform {
  return {
    globals: globalThis as unknown as Globals,
    fetch: platformFetch,
    timers: {
      start(run, delayMs) {
        const handle = setTimeout(run, delayMs);
        return { cancel: () => clearTimeout(handle) };
      },
    },
    now: Date.now,
    ticks: () => performance.now(),
    random: Math.random,
  };
}
