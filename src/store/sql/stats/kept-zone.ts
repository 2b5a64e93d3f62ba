import { StoreUnavailable } from '../../../domain/ports/index.js';
import { isSameZone } from '../../../domain/same-zone.js';
import { storeReasons } from '../../engine/reasons.js';
import type { Query } from './count-day.js';

/** The zone that days are counted in; null where none has been counted yet. */
export async function keptZone(query: Query): Promise<string | null> {
  const { rows } = await query({ text: 'SELECT zone FROM stat_zone', values: [] });
  return rows.length === 0 ? null : String(rows[0]?.zone);
}

/** Whether the days are counted in another zone than this. */
export async function isOtherZone(query: Query, zone: string): Promise<boolean> {
  const kept = await keptZone(query);
  return kept !== null && !isSameZone(kept, zone);
}

/**
 * Lets no event in while the database counts its days in another zone: its hashes would be of other salts. What was right
 * once is not asked again; a rebuild for another zone begins with stopping every replica.
 */
export function createZoneGate(query: Query, zone: string): () => Promise<void> {
  let right = false;
  return async () => {
    if (right) return;
    if (await isOtherZone(query, zone)) throw new StoreUnavailable(undefined, storeReasons.otherZone);
    right = true;
  };
}
