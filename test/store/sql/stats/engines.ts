import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { addDays, createDayOf, startOfDay } from '../../../../src/domain/day.js';
import type { EventStore } from '../../../../src/domain/ports/index.js';
import type { SaltDay } from '../../../../src/domain/reading/plan.js';
import type { SqlEngine } from '../../../../src/store/engine/sql-engine.js';
import { openPglite } from '../../../../src/store/pglite/pglite.js';
import { openPostgres } from '../../../../src/store/postgres/postgres.js';
import { createPrismaClient } from '../../../../src/store/sql/prisma-client.js';
import { createSqlStore } from '../../../../src/store/sql/sql-store.js';
import { describePostgres, pgliteTemplate, silent } from '../../../support/database.js';

const clock = { now: (): Date => new Date() };

/** A database with its engine, empty at the beginning of each test. */
export interface CountedDatabase {
  engine(): SqlEngine;
  /** A store on this engine, or on one that is made of it. The caller need not close it. */
  store(options?: { readonly engine?: SqlEngine; readonly dayZone?: string }): EventStore;
  rows(text: string, ...values: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Runs the tests on PGlite and PostgreSQL. */
export async function describeSqlEngines(
  title: string,
  tests: (database: CountedDatabase) => void,
): Promise<void> {
  describe(`${title} (pglite)`, () =>
    onEngine(async () => openPglite({ clock, template: await pgliteTemplate() }), tests));
  await describePostgres(`${title} (postgres)`, (database) =>
    onEngine(async () => openPostgres({ databaseUrl: database().url, poolMax: 10, log: silent }), tests),
  );
}

function onEngine(
  open: () => Promise<SqlEngine & { readonly adapter: Parameters<typeof createPrismaClient>[0] }>,
  tests: (database: CountedDatabase) => void,
): void {
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  const engine = () => {
    if (!opened) throw new Error('not opened yet');
    return opened;
  };
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());
  beforeEach(() =>
    engine().query({
      text: 'TRUNCATE events, event_dimensions, stat_change, stat_zone, stat_state, stat_day, stat_hour, stat_property, stat_set, entity_day, kept_from',
      values: [],
    }),
  );
  tests({
    engine,
    store: ({ engine: other = engine(), dayZone = 'UTC' } = {}) =>
      createSqlStore({
        engine: other,
        prisma: createPrismaClient(engine().adapter),
        migrations: [],
        dayZone,
        clock,
        log: silent,
      }),
    rows: async (text, ...values) => (await engine().query({ text, values })).rows,
  });
}

/** A salt day of a zone. */
export function saltDayOf(day: string, zone = 'UTC'): SaltDay {
  const dayOf = createDayOf(zone);
  return { day, start: startOfDay(day, dayOf), end: startOfDay(addDays(day, 1), dayOf) };
}
