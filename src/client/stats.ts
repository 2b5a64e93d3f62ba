import type { Ledger, TrackerStats } from './ledger.js';
import type { Outbox } from './outbox.js';

/** The counts of this moment, as a copy. */
export function readStats({ counts }: Ledger, outbox: Outbox): TrackerStats {
  return { ...counts, ...outbox.sizes(), dropped: { ...counts.dropped } };
}
