import { setMaxListeners } from 'node:events';
import type { HttpFetch } from '../../src/client/transport.js';
import type { Globals, Listener, Platform } from '../../src/sdk/platform.js';

export interface PageOptions {
  readonly fetch: HttpFetch;
  /** Answers in [0, 1). Default: always 0.5. */
  readonly random?: () => number;
  readonly globalPrivacyControl?: unknown;
  readonly doNotTrack?: unknown;
  readonly hidden?: boolean;
}

/** A page of a browser: what the tracker touches of it, and what a user and the network do to it. */
export interface FakePage {
  readonly platform: Platform;
  hide(): void;
  show(): void;
  /** As a browser does it: hidden first, then `pagehide`. `unseen`: as an old one does it, `pagehide` alone. */
  leave(how: { readonly persisted: boolean; readonly unseen?: boolean }): void;
  /** Back from the back/forward cache. */
  comeBack(): void;
  goOffline(): void;
  goOnline(): void;
  /** Says `pageshow` as at the first load. */
  load(): void;
  setPrivacyControl(on: boolean): void;
  /** Listens as the app does, after what listens already and in the bubbling phase. */
  listen(type: string, listener: () => void): void;
  /** Types that are listened to at the window, those of `listen` left out. */
  listeners(): readonly string[];
}

export function createFakePage(options: PageOptions): FakePage {
  let visibilityState = options.hidden ? 'hidden' : 'visible';
  let onLine = true;
  let gpc = options.globalPrivacyControl;
  const heard: { readonly type: string; readonly listener: Listener; readonly app: boolean }[] = [];

  function dispatch(type: string, persisted?: boolean): void {
    const event = persisted === undefined ? { type } : { type, persisted };
    for (const { type: wanted, listener } of [...heard]) if (wanted === type) listener(event);
  }
  function setVisibility(state: string): void {
    if (visibilityState === state) return;
    visibilityState = state;
    dispatch('visibilitychange');
  }

  const globals: Globals = {
    window: {
      addEventListener(type, listener, { signal }) {
        // Node warns of more than 10, a browser does not; every request in flight is one.
        setMaxListeners(0, signal);
        const entry = { type, listener, app: false };
        heard.push(entry);
        signal.addEventListener('abort', () => heard.splice(heard.indexOf(entry), 1));
      },
    },
    document: {
      get hidden() {
        return visibilityState === 'hidden';
      },
    },
    navigator: {
      get onLine() {
        return onLine;
      },
      get globalPrivacyControl() {
        return gpc;
      },
      doNotTrack: options.doNotTrack,
    },
    location: { host: 'app.example.org' },
  };

  return {
    platform: createFakePlatform(globals, options),
    hide: () => setVisibility('hidden'),
    show: () => setVisibility('visible'),
    leave({ persisted, unseen }) {
      if (!unseen) setVisibility('hidden');
      dispatch('pagehide', persisted);
    },
    comeBack() {
      dispatch('pageshow', true);
      setVisibility('visible');
    },
    load: () => dispatch('pageshow', false),
    goOffline() {
      onLine = false;
    },
    goOnline() {
      onLine = true;
      dispatch('online');
    },
    setPrivacyControl(on) {
      gpc = on;
    },
    listen: (type, listener) => heard.push({ type, listener, app: true }),
    listeners: () => heard.filter(({ app }) => !app).map(({ type }) => type),
  };
}

/** The given globals with the clock and the timers of the test. */
export function createFakePlatform(
  globals: Globals,
  { fetch, random = () => 0.5 }: Pick<PageOptions, 'fetch' | 'random'>,
): Platform {
  return {
    globals,
    fetch,
    later(run, delayMs) {
      const handle = setTimeout(run, delayMs);
      return () => clearTimeout(handle);
    },
    now: () => Date.now(),
    monotonicNow: () => performance.now(),
    random,
  };
}
