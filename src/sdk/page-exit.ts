import type { Ledger } from '../client/ledger.js';
import type { Outbox } from '../client/outbox.js';
import type { OfflineKeeper, StoredEvent } from './offline-keeping.js';
import type { Globals, Listener } from './platform.js';
import type { Session } from './session.js';

export interface PageExitDeps {
  readonly globals: Globals;
  /** Aborted: the page is let go. */
  readonly signal: AbortSignal;
  /** Whether tracking is allowed at this moment, with all that follows from it. */
  readonly isAllowed: () => boolean;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly session: Session;
  readonly keeper: OfflineKeeper | undefined;
}

/** Sends what is queued before the page is gone, and goes on where it comes back. */
export interface PageExit {
  /** An event was queued: where the page is hidden or left already, it leaves as well. */
  eventQueued(): void;
  /** This page is done with: its session and its events may be the next page's. */
  release(): void;
  /** These are not sent any more: leaves to the offline store what is there already, and drops the others. */
  handOver(events: readonly StoredEvent[]): void;
}

export function followPage(deps: PageExitDeps): PageExit {
  const { globals, signal, isAllowed, outbox, ledger, session, keeper } = deps;
  let isHidden = globals.document?.hidden === true;
  let isGoneForGood = false;

  function drain(force: boolean): void {
    outbox.drain(force);
    if (isGoneForGood) handOver(outbox.removeQueued(() => true));
  }

  function handOver(events: readonly StoredEvent[]): void {
    ledger.report('shutdown', { count: keeper?.handOver(events) ?? events.length });
  }

  function release(): void {
    if (isAllowed()) session.leave?.();
    keeper?.release();
  }

  function resume(): void {
    isGoneForGood = false;
    session.enter?.();
    keeper?.resume();
    isAllowed();
  }

  const onPageEvent: Listener = ({ type, persisted = false }) => {
    const isLeft = type === 'pagehide';
    isHidden = isLeft || globals.document?.hidden === true;
    if (isLeft) isGoneForGood = !persisted;
    // Back from the back/forward cache.
    if (type === 'pageshow' && persisted) resume();
    if (isHidden) drain(true);
    else outbox.schedule();
    if (isLeft) release();
  };

  // At the window, the only place where `pagehide` is heard; never to `unload`, which would keep the page out of the
  // back/forward cache.
  for (const type of ['visibilitychange', 'pagehide', 'pageshow'])
    globals.window?.addEventListener(type, onPageEvent, { signal });

  return {
    eventQueued() {
      // Later on this stack: whoever tracked it may track more, and `track` does no I/O.
      if (isHidden) queueMicrotask(() => drain(false));
    },
    release,
    handOver,
  };
}
