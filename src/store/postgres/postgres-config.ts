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

export interface PostgresTarget {
  /** The configuration of one connection. */
  readonly client: ClientConfig;
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
  const theirs = parameters.get('options');
  const schema = parameters.get('schema');
  for (const ours of ['options', 'schema']) parameters.delete(ours);
  const settings = [
    ...(timeouts ? timeoutSettings(timeouts) : []),
    ...(theirs ? [theirs] : []),
    ...(schema ? [`-c search_path=${escapeOption(`"${schema.replaceAll('"', '""')}"`)}`] : []),
    '-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex',
  ];
  return {
    schema,
    client: {
      connectionString: parameters.size > 0 ? `${base}?${parameters}` : base,
      options: settings.join(' '),
      application_name: 'signals',
      keepAlive: true,
      connectionTimeoutMillis: timeouts?.connectMs ?? postgresTimeouts.connectMs,
      // The server's own limit cannot reach us over a dead line: then the client gives up a little later.
      ...(timeouts && { query_timeout: timeouts.statementMs + 2_000 }),
    },
  };
}

function timeoutSettings({ statementMs, lockMs, idleInTransactionMs }: PostgresTimeouts): string[] {
  return [
    `-c statement_timeout=${statementMs}`,
    `-c lock_timeout=${lockMs}`,
    `-c idle_in_transaction_session_timeout=${idleInTransactionMs}`,
  ];
}

/** In `options`, a backslash takes the next character literally and a space ends the setting. */
function escapeOption(value: string): string {
  return value.replace(/[\\ ]/g, '\\$&');
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
