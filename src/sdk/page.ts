import type { Globals, Listener } from './platform.js';

const types = ['visibilitychange', 'pagehide', 'pageshow', 'online'];

/**
 * Listens at the window, the only place where `pagehide` is heard, and in the capture phase, to be early; never
 * to `unload`, which would keep the page out of the back/forward cache. Gives back what ends it.
 */
export function watchPage({ window }: Globals, listener: Listener): () => void {
  for (const type of types) window?.addEventListener(type, listener, true);
  return () => {
    for (const type of types) window?.removeEventListener(type, listener, true);
  };
}
