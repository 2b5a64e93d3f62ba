import { ConfigurationError } from '../config/index.js';
import type { Life } from '../domain/ports/index.js';

/**
 * Refuses to start where the database, if it can be asked already, counts its days in another zone. Where it comes
 * later, `/readyz` says so and no event is stored.
 */
export async function refuseOtherZone(store: Life): Promise<void> {
  const { reason, sentence } = await store.readiness();
  if (reason === 'day_zone_differs' && sentence !== undefined) throw new ConfigurationError([sentence]);
}
