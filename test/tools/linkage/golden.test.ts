import { statSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TruthfulRow } from '../../../tools/linkage/rows/tsv.js';
import { fromTsv, toTsv } from '../../../tools/linkage/rows/tsv.js';
import { contractRows } from './contract-rows.js';
import { goldenRows, goldenZone, linksIn } from './evidence.js';
import { type Place, plant, plantedIds, plantedLeaks } from './planted.js';

// A search that finds nothing proves nothing unless the same search finds what is there.

let golden: readonly TruthfulRow[] = [];
let clean: readonly TruthfulRow[] = [];
beforeAll(() => {
  golden = goldenRows();
  clean = contractRows(golden, goldenZone);
});

describe('rows of a write path that linked days', () => {
  it('hold what they should: several tables, ids of versions 1, 4 and 7, rows without a hash', () => {
    const events = golden.filter(({ row }) => row.table === 'events').map(({ row }) => row.columns);
    const versions = new Set(events.map(({ client_event_id }) => client_event_id?.charAt(14)));
    expect([...versions].sort()).toEqual(['1', '4', '7']);
    expect(new Set(golden.map(({ row }) => row.table))).toEqual(new Set(['events', 'event_dimensions']));
    expect(
      events.filter(({ user_hash, session_hash }) => !user_hash && !session_hash).length,
    ).toBeGreaterThan(100);
    expect(statSync(new URL('../../golden/linkable-rows.tsv', import.meta.url)).size).toBeLessThan(400_000);
    expect(fromTsv(toTsv(golden))).toEqual(golden);
  });

  it('are linked by every joiner that the write path of then gave a chance', () => {
    expect(linksIn(golden)).toEqual([
      'occurred on an earlier day (visitors)',
      'seq goes on (visitors)',
      'client id − occurred_at (visitors)',
      'client id − occurred_at (rows without a hash)',
      'client id − created_at (visitors)',
      'client id − created_at (rows without a hash)',
      'id − occurred_at (visitors)',
      'id − occurred_at (rows without a hash)',
      'id − created_at (visitors)',
      'id − created_at (rows without a hash)',
      'node of a client id (visitors)',
      'low bits of a client id (visitors)',
      'last 32 bits of a client id (visitors)',
      'middle bits of a client id (visitors)',
    ]);
  });
});

describe('the same rows as the contract wants them', () => {
  it('are linked by nothing', () => {
    expect(clean.length).toBeGreaterThan(1_000);
    expect(linksIn(clean)).toEqual([]);
  });

  it.each(Object.keys(plantedLeaks))('are linked by "%s" once that leak is planted', (name) => {
    expect(linksIn(plant(clean, leakOf(name)))).toContain(`${name} (visitors)`);
  });

  it.each(Object.keys(plantedIds))('are linked by "%s" once their ids tell', (name) => {
    const leak = plantedIds[name];
    const planted = plant(clean, (place) => ({ ...place.columns, id: leak?.(place) ?? null }));
    expect(linksIn(planted)).toContain(`${name} (visitors)`);
  });

  it('are linked by the order of late rows in time, once they stand in that of the next day', () => {
    const planted = plant(clean, ({ columns, who, day, index }) => {
      const at = new Date(Date.UTC(2026, 9, 23 + day, 9) + who * 60_000 + index * 10).toISOString();
      return { ...columns, created_at: at, occurred_at: at };
    });
    expect(linksIn(planted)).toContain('late rows in the order of created_at (visitors)');
  });

  it('are linked by another table that names rows of two days', () => {
    const firsts = new Map<string, string[]>();
    plant(clean, ({ columns, sender, index }) => {
      if (index === 0) firsts.set(sender, [...(firsts.get(sender) ?? []), columns.id ?? '']);
      return columns;
    });
    const sightings = [...firsts.values()].map(([one = null, other = null]) => ({
      row: { table: 'sightings', columns: { one, other } },
      sender: null,
    }));
    expect(linksIn([...clean, ...sightings])).toContain('a row of sightings (visitors)');
  });
});

function leakOf(name: string): (place: Place) => Place['columns'] {
  const leak = plantedLeaks[name];
  if (!leak) throw new Error(name);
  return leak;
}
