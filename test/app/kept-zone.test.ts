import { describe, expect, it } from 'vitest';
import { refuseOtherZone } from '../../src/app/kept-zone.js';
import { ConfigurationError } from '../../src/config/index.js';
import { openTestStore } from '../support/database.js';

describe('a start', () => {
  it('is refused with a zone that is not the one the days are counted in, and says what to do', async () => {
    const { store, prisma } = await openTestStore({ dayZone: 'Asia/Kolkata' });
    await refuseOtherZone(store);
    await prisma.$executeRawUnsafe(`INSERT INTO stat_zone (zone) VALUES ('Europe/Berlin')`);
    const refused = await refuseOtherZone(store).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigurationError);
    expect((refused as Error).message).toMatch(/SIGNALS_DAY_ZONE.*npm run job -- rebuild/);
    await prisma.$executeRawUnsafe(`UPDATE stat_zone SET zone = 'Asia/Calcutta'`);
    await refuseOtherZone(store);
    await store.close();
  });
  it('is not refused because the database cannot be asked yet', async () => {
    const { store } = await openTestStore();
    await store.close();
    await expect(refuseOtherZone(store)).resolves.toBeUndefined();
  });
});
