import type { Timers } from './core/timers.js';
import { type HttpFetch, platformFetch } from './core/transport.js';

type Listener = (event: { readonly persisted?: boolean }) => void;

export interface Listenable {
  addEventListener(type: string, listener: Listener, capture: boolean): void;
  removeEventListener(type: string, listener: Listener, capture: boolean): void;
}

/** The part of `LockManager` (Web Locks API) that is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    callback: (lock: unknown) => unknown,
  ): Promise<unknown>;
}

export interface BrowserNavigator {
  readonly onLine?: boolean;
  /** Global Privacy Control, section 3.2. */
  readonly globalPrivacyControl?: unknown;
  readonly doNotTrack?: unknown;
  readonly locks?: Locks | undefined;
}

/** The part of `sessionStorage` that is used. */
export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** All that the tracker touches of a browser. */
export interface Platform {
  /** Undefined outside of a browser: nothing is tracked there. */
  readonly window?: Listenable | undefined;
  readonly document?: (Listenable & { readonly visibilityState: string }) | undefined;
  readonly navigator: BrowserNavigator;
  readonly host?: string | undefined;
  /** May throw, as reading `window.sessionStorage` does in a sandboxed frame. */
  storage(): TabStorage;
  readonly fetch: HttpFetch;
  readonly timers: Timers;
  /** Milliseconds since 1970. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs it when the browser has nothing better to do, a second later at the latest. */
  whenIdle(run: () => void): void;
}

interface BrowserGlobals {
  readonly window?: Listenable;
  readonly document?: Listenable & { readonly visibilityState: string };
  readonly navigator?: BrowserNavigator;
  readonly location?: { readonly host: string };
  readonly sessionStorage: TabStorage;
  requestIdleCallback?(run: () => void, options: { readonly timeout: number }): unknown;
}

/** The browser that this runs in, if any; reads nothing before it is called, and storage only when asked. */
export function browserPlatform(): Platform {
  const globals = globalThis as unknown as BrowserGlobals;
  return {
    window: globals.window,
    document: globals.document,
    navigator: globals.navigator ?? {},
    host: globals.location?.host,
    storage: () => globals.sessionStorage,
    fetch: platformFetch,
    timers: {
      start(run, delayMs) {
        const handle = setTimeout(run, delayMs);
        return { cancel: () => clearTimeout(handle) };
      },
    },
    now: Date.now,
    random: Math.random,
    whenIdle(run) {
      if (globals.requestIdleCallback) globals.requestIdleCallback(run, { timeout: 1_000 });
      else run();
    },
  };
}
