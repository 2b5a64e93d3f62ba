import type { Disposable } from './editor.js';

/** What capture needs of `window`. */
export interface CapturePage {
  addEventListener(type: string, listener: () => void, capture: boolean): void;
  removeEventListener(type: string, listener: () => void, capture: boolean): void;
}

const exits = ['visibilitychange', 'pagehide'];

/**
 * Calls `leave` when the page is hidden or left, before anybody who listens further inside: in the capture phase,
 * and at the window, the only place where `pagehide` is heard. Disposing of it takes the listeners away.
 */
export function onPageExit(page: CapturePage | undefined, leave: () => void): Disposable {
  for (const exit of exits) page?.addEventListener(exit, leave, true);
  return {
    dispose() {
      for (const exit of exits) page?.removeEventListener(exit, leave, true);
    },
  };
}

/** The page of this process; none in Node. */
export function platformPage(): CapturePage | undefined {
  return (globalThis as { readonly window?: CapturePage }).window;
}
