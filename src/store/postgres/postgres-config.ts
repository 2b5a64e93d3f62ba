import type { ClientConfig } from 'pg';

/** Bounds on what one statement may take, in ms. */
export interface PostgresTimeouts {
  readonly connectMs: number;
  readonly statementMs: number;
  readonly lockMs: number;
  readonly idleInTransactionMs: number;
}

export const postgresTimeouts: PostgresTimeouts = {
  connectMs: 3_000,
  statementMs: 5_000,
  lockMs: 3_000,
  idleInTransactionMs: 10_000,
};

/** A setting of PostgreSQL and its value. */
export type Setting = readonly [name: string, value: string];

export interface PostgresTarget {
  /** The configuration of one connection. It asks a pooler for nothing but user, database and application name. */
  readonly client: ClientConfig;
  /** What holds in every transaction, and in no session. */
  readonly settings: readonly Setting[];
  /** From `?schema=`, as Prisma spells it; null: the database's own search path. */
  readonly schema: string | null;
}

/**
 * Reads a connection string and adds what every connection needs. Null for `timeouts`: none, for migrations.
 *
 * Time zone, date style and bytea output are set because Prisma's driver adapter reads the text that
 * PostgreSQL prints and takes it for UTC and ISO: a database set to another zone would give wrong instants.
 */
export function postgresTarget(databaseUrl: string, timeouts: PostgresTimeouts | null): PostgresTarget {
  // Not `new URL`: connection strings over a Unix socket have no host, which it refuses.
  const [base = '', query = ''] = splitOnce(databaseUrl, '?');
  const parameters = new URLSearchParams(query);
  // The operator's own start-up options; a pooler may refuse them.
  const theirs = parameters.get('options');
  const schema = parameters.get('schema');
  for (const ours of ['options', 'schema']) parameters.delete(ours);
  const limits = timeouts ? timeoutSettings(timeouts) : [];
  return {
    schema,
    settings: [
      ...limits.filter(([name]) => !namesIn(theirs ?? '').has(name)),
      ...(schema ? [['search_path', `"${schema.replaceAll('"', '""')}"`] as const] : []),
      ['TimeZone', 'UTC'],
      ['DateStyle', 'ISO'],
      ['bytea_output', 'hex'],
    ],
    client: {
      connectionString: parameters.size > 0 ? `${base}?${parameters}` : base,
      ...(theirs && { options: theirs }),
      application_name: 'signals',
      keepAlive: true,
      connectionTimeoutMillis: timeouts?.connectMs ?? postgresTimeouts.connectMs,
      // The server's own limit cannot reach us over a dead line: then the client gives up a little later.
      ...(timeouts && { query_timeout: timeouts.statementMs + 2_000 }),
    },
  };
}

function timeoutSettings({ statementMs, lockMs, idleInTransactionMs }: PostgresTimeouts): readonly Setting[] {
  return [
    ['statement_timeout', String(statementMs)],
    ['lock_timeout', String(lockMs)],
    ['idle_in_transaction_session_timeout', String(idleInTransactionMs)],
  ];
}

/** Names that start-up options set, as `-c name=value` or `--name=value`. */
function namesIn(options: string): ReadonlySet<string> {
  const found = options.matchAll(/(?:^|\s)(?:-c\s*|--)([\w.-]+)=/g);
  return new Set([...found].map(([, name = '']) => name.replaceAll('-', '_').toLowerCase()));
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
