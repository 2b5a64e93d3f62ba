import type { SqlMigrationAwareDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';

/** The number of the lock that Prisma's engine takes. Whoever holds it keeps `prisma migrate deploy` out. */
export const engineLock = '72707369';

/**
 * The same adapter, whose engine does not get its lock: that is a lock of a session, which a pooler would keep on a
 * connection that others get. The caller holds it, in a transaction.
 */
export function withoutEngineLock(
  factory: SqlMigrationAwareDriverAdapterFactory,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const adapter = await factory.connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      const executeRaw = adapter.executeRaw.bind(adapter);
      return Object.assign(adapter, {
        queryRaw: (query: SqlQuery) => queryRaw(isLock(query) ? { ...query, sql: 'SELECT 1' } : query),
        executeRaw: (query: SqlQuery) => executeRaw(isLock(query) ? { ...query, sql: 'SELECT 1' } : query),
      });
    },
  };
}

function isLock({ sql }: SqlQuery): boolean {
  return sql.includes(`pg_advisory_lock(${engineLock})`);
}
