import type { Later } from '../client/timers.js';

/** Timers that a process can be made to wait for. */
export interface NodeTimers {
  readonly later: Later;
  /** Whether waiting timers keep the process alive; they do not until somebody asks for it. */
  keepAlive(on: boolean): void;
}

/** What Node's timers have and a browser's have not. */
interface Refable {
  ref(): unknown;
  unref(): unknown;
}

function isRefable(handle: unknown): handle is Refable {
  return typeof handle === 'object' && handle !== null && 'unref' in handle && 'ref' in handle;
}

/**
 * Timers on the platform's `setTimeout` that do not keep a Node process alive, except while `keepAlive(true)`:
 * a caller who awaits `flush` must not see the process end under the await.
 */
export function createTimers(): NodeTimers {
  const waiting = new Set<unknown>();
  let alive = false;
  return {
    later(run, delayMs) {
      const handle = setTimeout(() => {
        waiting.delete(handle);
        run();
      }, delayMs);
      waiting.add(handle);
      if (!alive && isRefable(handle)) handle.unref();
      return () => {
        waiting.delete(handle);
        clearTimeout(handle);
      };
    },
    keepAlive(on) {
      if (alive === on) return;
      alive = on;
      for (const handle of waiting) {
        if (!isRefable(handle)) continue;
        if (on) handle.ref();
        else handle.unref();
      }
    },
  };
}
