import type { Listenable, Platform } from './platform.js';

export interface PageEvents {
  /** The page is hidden: it may never be seen again (Page Visibility, "hidden" is the last reliable event). */
  hidden(): void;
  /** The page is left, for good (`isGone`) or for the back/forward cache. */
  left(): void;
  /** Back from the back/forward cache. */
  back(): void;
  /** Visible again. */
  seen(): void;
  /** The network seems to be back. */
  online(): void;
}

export interface Page {
  isHidden(): boolean;
  /** Left for good. */
  isGone(): boolean;
  detach(): void;
}

/**
 * Listens in the capture phase, to be early; `pagehide` at the window, because it is never heard at the document;
 * never to `unload`, which would keep the page out of the back/forward cache.
 */
export function watchPage(platform: Platform, events: PageEvents): Page {
  const { window, document } = platform;
  let hidden = document?.visibilityState === 'hidden';
  let gone = false;
  const listeners: [Listenable | undefined, string, Parameters<Listenable['addEventListener']>[1]][] = [
    [
      document,
      'visibilitychange',
      () => {
        hidden = document?.visibilityState === 'hidden';
        if (hidden) events.hidden();
        else events.seen();
      },
    ],
    [
      window,
      'pagehide',
      ({ persisted }) => {
        hidden = true;
        gone = persisted !== true;
        events.left();
      },
    ],
    [
      window,
      'pageshow',
      ({ persisted }) => {
        if (persisted !== true) return;
        hidden = false;
        gone = false;
        events.back();
      },
    ],
    [window, 'online', events.online],
  ];
  for (const [target, type, listener] of listeners) target?.addEventListener(type, listener, true);
  return {
    isHidden: () => hidden,
    isGone: () => gone,
    detach() {
      for (const [target, type, listener] of listeners) target?.removeEventListener(type, listener, true);
    },
  };
}
