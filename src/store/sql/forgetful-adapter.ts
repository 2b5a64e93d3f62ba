import type { SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils';

/**
 * The same adapter, without a memory. Prisma's adapters hand every query to `@prisma/debug`, which keeps the last
 * hundred with their arguments, whether anybody asked for debugging or not: what admins filter by would stay in memory.
 * Each query is a copy here, whose arguments are taken out when it has been answered.
 */
export function forgetful(factory: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = forgetArguments(await factory.connect());
      const startTransaction = adapter.startTransaction.bind(adapter);
      adapter.startTransaction = async (level) => forgetArguments(await startTransaction(level));
      return adapter;
    },
  };
}

function forgetArguments<Queryable extends SqlQueryable>(queryable: Queryable): Queryable {
  const queryRaw = queryable.queryRaw.bind(queryable);
  const executeRaw = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (query) => withCopy(query, queryRaw);
  queryable.executeRaw = (query) => withCopy(query, executeRaw);
  return queryable;
}

async function withCopy<T>(query: SqlQuery, run: (copy: SqlQuery) => Promise<T>): Promise<T> {
  const copy = { ...query, args: [...query.args] };
  try {
    return await run(copy);
  } finally {
    copy.args.length = 0;
  }
}
