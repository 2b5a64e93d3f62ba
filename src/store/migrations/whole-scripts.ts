import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';

/**
 * A driver adapter that runs a migration's script as a whole, hence in one transaction: applied entirely or not
 * at all. Prisma's PostgreSQL adapter cuts scripts at every semicolon, also within a function; the PGlite one
 * does not wait for their end, so that a failure would pass for success.
 */
export function wholeScripts(
  factory: SqlMigrationAwareDriverAdapterFactory,
  run: (script: string) => Promise<unknown>,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () =>
      Object.assign(await factory.connect(), {
        executeScript: async (script: string): Promise<void> => {
          await run(script);
        },
      }),
    connectToShadowDb: () => factory.connectToShadowDb(),
  };
}
