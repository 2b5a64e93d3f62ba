// TEMPORARY (lead): replaced by helper-4's engines.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import pgModule from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { AnonymousEvent } from '../domain/event.js';
import type { AppendVerdict, Clock, EventStore, Log } from '../domain/ports.js';
import { PrismaClient } from '../generated/prisma/client.js';

export interface OpenedStore {
  readonly store: EventStore;
  readonly prisma: PrismaClient;
  readonly kind: 'postgres' | 'pglite';
  migrate(): Promise<{ applied: readonly string[] }>;
}
export interface OpenStoreOptions {
  databaseUrl?: string;
  dataDir?: string;
  migrationsDir: string;
  log: Log;
  clock: Clock;
  poolMax?: number;
  maxPending?: number;
  onAppend?: (sample: { rows: number; seconds: number }) => void;
}
const sql = `WITH input AS (SELECT * FROM json_to_recordset($1::json) AS r(id uuid, c text, o text, cid uuid, d bigint, seq int, u text, s text, e text, p jsonb, dim json)),
dims AS (INSERT INTO event_dimensions (id, last_used, event_version, app_name, event_type, app_version, source, route, entity_type, device_type, browser_family, os_family)
 SELECT DISTINCT ON (d) d, current_date, (dim->>'eventVersion')::int, dim->>'appName', dim->>'eventType', dim->>'appVersion', dim->>'source', dim->>'route', dim->>'entityType', dim->>'deviceType', dim->>'browserFamily', dim->>'osFamily' FROM input ON CONFLICT DO NOTHING)
INSERT INTO events (id, created_at, occurred_at, client_event_id, dimension_id, seq, user_hash, session_hash, entity_id, properties)
SELECT id, c::timestamptz, o::timestamptz, cid, d, seq, decode(u,'hex'), decode(s,'hex'), e, p FROM input ON CONFLICT DO NOTHING RETURNING id`;

export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const pool = options.databaseUrl ? new pgModule.Pool({ connectionString: options.databaseUrl }) : null;
  if (!pool && options.dataDir) mkdirSync(dirname(options.dataDir), { recursive: true });
  const lite = pool ? null : await PGlite.create(options.dataDir ?? undefined);
  const query = async (text: string, values: unknown[] = []): Promise<{ rows: Record<string, unknown>[] }> =>
    pool ? pool.query(text, values) : ((await lite?.query(text, values)) as never);
  const prisma = new PrismaClient({ adapter: pool ? new PrismaPg(pool as never) : new PrismaPGlite(lite as never) });
  const store: EventStore = {
    async append(events) {
      const rows = events.map((e: AnonymousEvent) => ({
        id: e.id, c: e.createdAt.toISOString(), o: e.occurredAt?.toISOString() ?? null, cid: e.clientEventId,
        d: (createHash('sha256').update(JSON.stringify(Object.values(e.dimensions))).digest().readBigUInt64BE() >> 1n).toString(),
        seq: e.seq, u: e.userHash, s: e.sessionHash, e: e.entityId, p: e.properties, dim: e.dimensions,
      }));
      try {
        const fresh = new Set((await query(sql, [JSON.stringify(rows)])).rows.map((r) => r.id));
        return events.map((e): AppendVerdict => (fresh.delete(e.id) ? 'ACCEPTED' : 'DUPLICATE'));
      } catch {
        return events.map(() => 'UNAVAILABLE' as const);
      }
    },
    countBefore: async (cutoff) => Number((await query('SELECT count(*) n FROM events WHERE created_at < $1', [cutoff])).rows[0]?.n),
    deleteBefore: async (cutoff, limit) => (await query('DELETE FROM events WHERE id IN (SELECT id FROM events WHERE created_at < $1 ORDER BY created_at LIMIT $2) RETURNING id', [cutoff, limit])).rows.length,
    deleteUnusedDimensions: async () => 0,
    withLock: async (_name, work) => ({ ran: true, value: await work() }),
    now: async () => null,
    readiness: async () => ({ ready: true }),
    pending: () => 0,
    close: async () => {
      await prisma.$disconnect();
      await lite?.close();
    },
  };
  return {
    store, prisma, kind: pool ? 'postgres' : 'pglite',
    async migrate() {
      const done = await query("SELECT to_regclass('events') AS t");
      if (done.rows[0]?.t) return { applied: [] };
      for (const name of readdirSync(options.migrationsDir).filter((n) => /^\d/.test(n))) {
        const text = readFileSync(join(options.migrationsDir, name, 'migration.sql'), 'utf8');
        if (pool) await pool.query(text); else await lite?.exec(text);
      }
      return { applied: ['init'] };
    },
  };
}
