/** Every way in which opening or migrating a store can end badly, as a word that may be logged and shown. */
export type StoreErrorCode =
  | 'data_folder_in_use'
  | 'migration_lock_busy'
  | 'migration_failed'
  | 'migrations_unreadable'
  | 'store_closed'
  | 'query_timeout';

/**
 * An error with a fixed sentence and a code. Nothing of the database's own message goes into it: those quote
 * rows, and sometimes the connection string.
 */
export function storeError(
  code: StoreErrorCode,
  message: string,
  detail: Readonly<Record<string, string | null>> = {},
): Error & { readonly code: StoreErrorCode } {
  return Object.assign(new Error(message), { code, ...detail });
}
