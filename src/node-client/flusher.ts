import type { Outbox } from '../client/outbox.js';
import { maxDelayMs } from './options.js';
import type { NodeTimers } from './timers.js';

/** `flush` of an outbox that keeps the process alive while somebody waits for it; by default for as long as it takes. */
export function createFlusher(outbox: Outbox, timers: NodeTimers): (timeoutMs?: number) => Promise<void> {
  let underWay = 0;
  return async (timeoutMs = maxDelayMs) => {
    underWay += 1;
    timers.keepAlive(true);
    await outbox.flush(timeoutMs);
    underWay -= 1;
    timers.keepAlive(underWay > 0);
  };
}
