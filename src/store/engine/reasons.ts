import type { Reason } from '../../domain/ports/index.js';

/** Why the database will not have us: the whole list. Sentences are fixed, so that no value can be in them. */
export const storeReasons = {
  nameUnknown: {
    code: 'store_unreachable',
    sentence: 'The name of the database server is not known: the host in DATABASE_URL cannot be resolved.',
  },
  refused: {
    code: 'store_unreachable',
    sentence:
      'Nothing listens at the host and port of DATABASE_URL: the database server is not running, or this is another port.',
  },
  noRoute: {
    code: 'store_unreachable',
    sentence: 'There is no route to the host of DATABASE_URL: the network does not lead there.',
  },
  connectTimeout: {
    code: 'store_unreachable',
    sentence:
      'The host of DATABASE_URL does not answer: connecting took too long. A firewall may drop what is sent there.',
  },
  lost: {
    code: 'store_unreachable',
    sentence: 'The connection to the database broke off.',
  },
  unknown: {
    code: 'store_unreachable',
    sentence: 'The database cannot be asked; the log names the code of the error.',
  },
  password: {
    code: 'store_password_refused',
    sentence: 'The database refuses the user name or the password of DATABASE_URL.',
  },
  login: {
    code: 'store_login_refused',
    sentence:
      'The database lets this user not in from here: the role may not log in, or pg_hba.conf (at a pooler: its list of users) has no line that admits it.',
  },
  noDatabase: {
    code: 'store_database_missing',
    sentence: 'The server has no database of the name in DATABASE_URL.',
  },
  tlsWanted: {
    code: 'store_tls_required',
    sentence: 'The database wants TLS: add sslmode=verify-full to DATABASE_URL (see “TLS to the database”).',
  },
  tlsNotOffered: {
    code: 'store_tls_not_offered',
    sentence: 'DATABASE_URL asks for TLS, and the database server does not offer it.',
  },
  certificateUntrusted: {
    code: 'store_certificate_untrusted',
    sentence:
      'The certificate of the database is signed by nobody who is trusted here: name its authority with sslrootcert in DATABASE_URL.',
  },
  certificateExpired: {
    code: 'store_certificate_expired',
    sentence: 'The certificate of the database is not valid now: it has expired, or its time has not come.',
  },
  certificateName: {
    code: 'store_certificate_name',
    sentence: 'The certificate of the database is for another name than the host in DATABASE_URL.',
  },
  tlsFailed: {
    code: 'store_tls_failed',
    sentence: 'TLS with the database could not be set up: the two sides do not agree on how.',
  },
  noRights: {
    code: 'store_no_rights',
    sentence:
      'The user of DATABASE_URL lacks rights: it needs SELECT and INSERT on events, SELECT, INSERT and UPDATE on event_dimensions, SELECT and UPDATE on kept_from, INSERT on stat_change, and SELECT on stat_zone and _prisma_migrations.',
  },
  tooMany: {
    code: 'store_too_many_connections',
    sentence:
      'The database has no connection left for us: raise its limit, or lower SIGNALS_POOL_MAX or the number of replicas.',
  },
  startupParameter: {
    code: 'store_pooler_refuses_options',
    sentence:
      'The connection pooler refuses a start-up parameter: take options out of DATABASE_URL, or list it in ignore_startup_parameters of the pooler.',
  },
  poolerServer: {
    code: 'store_pooler_without_server',
    sentence: 'The connection pooler answers, and cannot reach the database behind it.',
  },
  readOnly: {
    code: 'store_read_only',
    sentence: 'The database takes no writes: it is a standby, or a fail-over is going on.',
  },
  starting: {
    code: 'store_starting_or_stopping',
    sentence: 'The database server is starting, shutting down or recovering.',
  },
  diskFull: {
    code: 'store_disk_full',
    sentence: 'The disk of the database is full.',
  },
  slow: {
    code: 'store_slow',
    sentence: 'The database did not answer in time.',
  },
  busy: {
    code: 'store_busy',
    sentence: 'Too many counts are waiting for the database; ask again later, or for less.',
  },
  pending: {
    code: 'migrations_pending',
    sentence: 'The database lacks migrations of this version: run `npm run migrate` (`signals migrate`).',
  },
  otherZone: {
    code: 'day_zone_differs',
    sentence:
      'The days in this database are of another zone than SIGNALS_DAY_ZONE: set the zone that it had, or stop every replica and run `npm run job -- rebuild` (`signals job rebuild`).',
  },
  newer: {
    code: 'schema_newer_than_code',
    sentence: 'The database has migrations of a newer version of Signals than this one.',
  },
  closed: {
    code: 'store_closed',
    sentence: 'The store has been closed: the service is stopping.',
  },
} as const satisfies Readonly<Record<string, Reason>>;

export type StoreReason = keyof typeof storeReasons;
