import type { Globals, Listener } from './platform.js';

/**
 * Listens at the window, the only place where `pagehide` is heard, and in the capture phase, to be early; never
 * to `unload`, which would keep the page out of the back/forward cache. Ends when `signal` aborts.
 */
export function watchPage({ window }: Globals, listener: Listener, signal: AbortSignal): void {
  for (const type of ['visibilitychange', 'pagehide', 'pageshow', 'online']) {
    window?.addEventListener(type, listener, { capture: true, signal });
  }
}
